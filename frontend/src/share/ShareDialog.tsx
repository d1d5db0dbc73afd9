import { useState } from "react";
import { Avatar } from "../ui/Avatar";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Skeleton } from "../ui/Trouble";
import { momentWords } from "../ui/time";
import { words } from "../wire/api";
import { type Link, useLinks } from "./links";

/** Who is here or knocks, as the session's page knows it. */
export interface Somebody {
  id: string;
  name: string;
  role: string;
  isGuest: boolean;
  colour: number;
  place?: string;
}

interface Props {
  session: string;
  present: Somebody[];
  waiting: { id: string; name: string; role: string }[];
  me: string;
  onClose: () => void;
}

const DURATIONS = [
  { hours: 1, words: "for 1 hour" },
  { hours: 24, words: "for 1 day" },
  { hours: 24 * 7, words: "for 7 days" },
  { hours: 24 * 30, words: "for 30 days" },
];

/** Links into this session, who came by them, who waits to be let in. */
export function ShareDialog({ session, present, waiting, me, onClose }: Props) {
  const links = useLinks(session);
  const [role, setRole] = useState<Link["role"]>("watch");
  const [hours, setHours] = useState(24);
  const made = links.create.data;
  const problem = links.create.error ?? links.revoke.error ?? links.admit.error ?? links.end.error;
  return (
    <Dialog title="Share this session" onClose={onClose}>
      {waiting.length > 0 && (
        <section>
          <h3>Waiting to be let in</h3>
          {waiting.map((guest) => (
            <div key={guest.id} className="member">
              <Avatar name={guest.name} colour={8} size="l" />
              <span className="grow cut">
                {guest.name} <span className="chip">guest</span>
                <span className="hint block">wants to drive, watches until then</span>
              </span>
              <button
                type="button"
                className="btn s"
                onClick={() => links.admit.mutate({ guest: guest.id, role: "drive" })}
              >
                Let in to drive
              </button>
              <button
                type="button"
                className="btn s"
                onClick={() => links.admit.mutate({ guest: guest.id, role: "watch" })}
              >
                Watch only
              </button>
              <button type="button" className="btn s bad" onClick={() => links.end.mutate(guest.id)}>
                Refuse
              </button>
            </div>
          ))}
        </section>
      )}
      <section>
        <h3>Here now</h3>
        {present.map((person) => (
          <div key={person.id} className="member">
            <Avatar name={person.name} colour={person.colour} size="l" />
            <span className="grow cut">
              {person.name} {person.isGuest && <span className="chip">guest</span>}
              <span className="hint block">
                {person.id === me ? "you" : person.isGuest ? "came by a link" : "member"}
                {person.place ? `, in ${person.place}` : ""}
              </span>
            </span>
            <span className="hint">{roleWords(person.role)}</span>
            {person.isGuest && (
              <button type="button" className="btn s bad" onClick={() => links.end.mutate(person.id)}>
                End
              </button>
            )}
          </div>
        ))}
      </section>
      <section>
        <h3>Anyone with the link</h3>
        <form
          className="line-up wrap"
          onSubmit={(event) => {
            event.preventDefault();
            links.create.mutate({ role, hours });
          }}
        >
          <select
            className="field"
            aria-label="What the link allows"
            value={role}
            onChange={(event) => setRole(event.target.value === "drive" ? "drive" : "watch")}
          >
            <option value="watch">can watch</option>
            <option value="drive">can drive, once let in</option>
          </select>
          <select
            className="field"
            aria-label="How long the link works"
            value={hours}
            onChange={(event) => setHours(Number(event.target.value))}
          >
            {DURATIONS.map((duration) => (
              <option key={duration.hours} value={duration.hours}>
                {duration.words}
              </option>
            ))}
          </select>
          <button type="submit" className="btn primary" disabled={links.create.isPending}>
            Make a link
          </button>
        </form>
        {made && (
          <div className="line-up made">
            <input
              className="field mono"
              readOnly
              aria-label="The link, shown once"
              value={made.url}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={made.url} />
          </div>
        )}
        {made && <p className="hint">Shown once: copy it now.</p>}
        {problem && (
          <p className="wrong" role="alert">
            {words(problem)}
          </p>
        )}
      </section>
      <section>
        <h3>Links that work</h3>
        {links.list.isPending ? (
          <Skeleton label="Loading links" />
        ) : links.list.isError ? (
          <p className="wrong">{words(links.list.error)}</p>
        ) : links.list.data.length === 0 ? (
          <p className="hint">None.</p>
        ) : (
          links.list.data.map((link) => (
            <div key={link.id} className="member">
              <span className="grow">
                {roleWords(link.role)}
                <span className="hint block">{link.expiresAt ? `until ${momentWords(link.expiresAt)}` : ""}</span>
              </span>
              <button
                type="button"
                className="btn s bad"
                disabled={links.revoke.isPending}
                onClick={() => links.revoke.mutate(link.id)}
              >
                Revoke link
              </button>
            </div>
          ))
        )}
      </section>
      <footer>
        <span className="hint grow">Revoking ends live connections at once.</span>
        <button type="button" className="btn" onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}

function roleWords(role: string): string {
  switch (role.toLowerCase()) {
    case "own":
    case "owner":
      return "owns the project";
    case "drive":
    case "editor":
      return "can drive";
    default:
      return "can watch";
  }
}
