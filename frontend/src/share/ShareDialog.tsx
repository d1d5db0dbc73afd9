import { useState } from "react";
import { t } from "../text/text";
import { Avatar } from "../ui/Avatar";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Skeleton } from "../ui/Trouble";
import { momentWords } from "../ui/time";
import { words } from "../wire/api";
import { type Guest, type Link, useLinks } from "./links";

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
  members: { id: string; name: string; role: string }[] | undefined; // of the project, once they are known
  waiting: { id: string; name: string; role: string }[];
  me: string;
  onClose: () => void;
}

const AWAY_COLOUR = 8; // outlines only; colours go by the order of joining

const DURATIONS = [
  { hours: 1, words: () => t("for 1 hour") },
  { hours: 24, words: () => t("for 1 day") },
  { hours: 24 * 7, words: () => t("for 7 days") },
  { hours: 24 * 30, words: () => t("for 30 days") },
];

/** Links into this session, who came by them, who waits to be let in. */
export function ShareDialog({ session, present, members = [], waiting, me, onClose }: Props) {
  const links = useLinks(session);
  const [role, setRole] = useState<Link["role"]>("watch");
  const [hours, setHours] = useState(24);
  const made = links.create.data;
  const problem =
    links.create.error ?? links.revoke.error ?? links.admit.error ?? links.end.error ?? links.guests.error;
  const people = peopleOf(present, members, links.guests.data ?? []).filter(
    ({ id }) => !waiting.some((guest) => guest.id === id), // they stand above
  );
  return (
    <Dialog title={t("Share this session")} onClose={onClose}>
      {waiting.length > 0 && (
        <section>
          <h3>{t("Waiting to be let in")}</h3>
          {waiting.map((guest) => (
            <div key={guest.id} className="member">
              <Avatar name={guest.name} colour={8} size="l" />
              <span className="grow cut">
                {guest.name} <span className="chip">{t("guest")}</span>
                <span className="hint block">{t("wants to drive, watches until then")}</span>
              </span>
              <button
                type="button"
                className="btn s"
                onClick={() => links.admit.mutate({ guest: guest.id, role: "drive" })}
              >
                {t("Let in to drive")}
              </button>
              <button
                type="button"
                className="btn s"
                onClick={() => links.admit.mutate({ guest: guest.id, role: "watch" })}
              >
                {t("Watch only")}
              </button>
              <button type="button" className="btn s bad" onClick={() => links.end.mutate(guest.id)}>
                {t("Refuse")}
              </button>
            </div>
          ))}
        </section>
      )}
      <section>
        <h3>{t("People with access")}</h3>
        {people.map((person) => (
          <div key={person.id} className="member">
            <Avatar name={person.name} colour={person.colour} size="l" away={!person.isHere} />
            <span className="grow cut">
              {person.name} {person.isGuest && <span className="chip">{t("guest")}</span>}
              <span className="hint block cut">{whereWords(person, me)}</span>
            </span>
            <span className="hint">{roleWords(person.role)}</span>
            {person.isGuest && (
              <button type="button" className="btn s bad" onClick={() => links.end.mutate(person.id)}>
                {t("End access")}
              </button>
            )}
          </div>
        ))}
      </section>
      <section>
        <h3>{t("Anyone with the link")}</h3>
        <form
          className="line-up wrap"
          onSubmit={(event) => {
            event.preventDefault();
            links.create.mutate({ role, hours });
          }}
        >
          <select
            className="field"
            aria-label={t("What the link allows")}
            value={role}
            onChange={(event) => setRole(event.target.value === "drive" ? "drive" : "watch")}
          >
            <option value="watch">{t("can watch")}</option>
            <option value="drive">{t("can drive, once let in")}</option>
          </select>
          <select
            className="field"
            aria-label={t("How long the link works")}
            value={hours}
            onChange={(event) => setHours(Number(event.target.value))}
          >
            {DURATIONS.map((duration) => (
              <option key={duration.hours} value={duration.hours}>
                {duration.words()}
              </option>
            ))}
          </select>
          <button type="submit" className="btn primary" disabled={links.create.isPending}>
            {t("Make a link")}
          </button>
        </form>
        {made && (
          <div className="line-up made">
            <input
              className="field mono"
              readOnly
              aria-label={t("The link, shown once")}
              value={made.url}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={made.url} />
          </div>
        )}
        {made && <p className="hint">{t("Shown once: copy it now.")}</p>}
        {problem && (
          <p className="wrong" role="alert">
            {words(problem)}
          </p>
        )}
      </section>
      <section>
        <h3>{t("Links that work")}</h3>
        {links.list.isPending ? (
          <Skeleton label={t("Loading links")} />
        ) : links.list.isError ? (
          <p className="wrong">{words(links.list.error)}</p>
        ) : links.list.data.length === 0 ? (
          <p className="hint">{t("None.")}</p>
        ) : (
          links.list.data.map((link) => (
            <div key={link.id} className="member">
              <span className="grow">
                {roleWords(link.role)}
                <span className="hint block">{t("until {time}", { time: momentWords(link.expiresAt) })}</span>
              </span>
              <button
                type="button"
                className="btn s bad"
                disabled={links.revoke.isPending}
                onClick={() => links.revoke.mutate(link.id)}
              >
                {t("Revoke link")}
              </button>
            </div>
          ))
        )}
      </section>
      <footer>
        <span className="hint grow">{t("Revoking ends live connections at once.")}</span>
        <button type="button" className="btn" onClick={onClose}>
          {t("Done")}
        </button>
      </footer>
    </Dialog>
  );
}

type Shown = Somebody & { isHere: boolean };

/** Who is here, then members and guests who are not. */
function peopleOf(
  present: readonly Somebody[],
  members: readonly { id: string; name: string; role: string }[],
  guests: readonly Guest[],
): Shown[] {
  const here = present.map((person) => ({ ...person, isHere: true }));
  const ids = new Set(present.map(({ id }) => id));
  const away = [
    ...members.map((member) => ({ ...member, isGuest: false })),
    ...guests.map((guest) => ({ ...guest, isGuest: true })),
  ]
    .filter(({ id }) => !ids.has(id))
    .map((person) => ({ ...person, colour: AWAY_COLOUR, isHere: false }));
  return [...here, ...away];
}

function whereWords({ id, isGuest, isHere, place }: Shown, me: string): string {
  if (!isHere) return isGuest ? t("away, came by a link") : t("away");
  const who = id === me ? t("you") : isGuest ? t("here now, came by a link") : t("here now");
  return place === undefined ? who : t("{who}, in {place}", { who, place });
}

function roleWords(role: string): string {
  switch (role.toLowerCase()) {
    case "own":
    case "owner":
      return t("owns the project");
    case "drive":
    case "editor":
      return t("can drive");
    default:
      return t("can watch");
  }
}
