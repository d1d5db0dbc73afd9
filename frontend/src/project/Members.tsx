import { useState } from "react";
import { t } from "../text/text";
import { Avatar } from "../ui/Avatar";
import { CopyButton } from "../ui/CopyButton";
import { colourOfPerson } from "../ui/colour";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { type Role, useMembers } from "./projects";

const roles = (): { id: Role; name: string }[] => [
  { id: "owner", name: t("owns it") },
  { id: "editor", name: t("can edit and drive") },
  { id: "viewer", name: t("can view and watch") },
];

/** Members and their roles. Somebody without an account gets an invitation link. */
export function Members({ project, me }: { project: string; me: string }) {
  const { list, add, change, remove } = useMembers(project);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("editor");
  const mine = list.data?.find((member) => member.id === me)?.role;
  const mayChange = list.data !== undefined && (mine === undefined || mine === "owner");
  const submit = () => add.mutate({ email: email.trim(), role }, { onSuccess: () => setEmail("") });
  const invitation = add.data && "url" in add.data ? add.data.url : undefined;
  const refusal = change.error ?? remove.error ?? add.error;
  return (
    <section className="block" aria-labelledby="members">
      <h2 id="members" className="vh">
        {t("Members")}
      </h2>
      {list.isPending ? (
        <Skeleton label={t("Loading members")} tall={100} />
      ) : list.isError ? (
        <Trouble
          title={t("The members could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <ul className="plain-list">
          {list.data.map((member) => (
            <li key={member.id} className="member">
              <Avatar name={member.name} colour={colourOfPerson(member.id)} size="l" />
              <span className="grow cut">
                {member.name}
                <span className="hint block">
                  {member.email}
                  {member.id === me ? `, ${t("you")}` : ""}
                </span>
              </span>
              <select
                className="field"
                aria-label={t("Role of {name}", { name: member.name })}
                value={member.role}
                disabled={!mayChange}
                onChange={(event) => change.mutate({ id: member.id, role: event.target.value as Role })}
              >
                {roles().map((known) => (
                  <option key={known.id} value={known.id}>
                    {known.name}
                  </option>
                ))}
              </select>
              {(mayChange || member.id === me) && (
                <button
                  type="button"
                  className="btn s bad"
                  onClick={() => {
                    const sure =
                      member.id !== me || window.confirm(t("Leave this project? Only an owner can add you again."));
                    if (sure) remove.mutate(member.id);
                  }}
                >
                  {member.id === me ? t("Leave") : t("Remove")}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayChange && (
        <form
          className="line-up wrap"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <input
            className="field medium"
            type="email"
            required
            aria-label={t("E-mail of the new member")}
            placeholder={t("E-mail")}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <select
            className="field"
            aria-label={t("Role of the new member")}
            value={role}
            onChange={(event) => setRole(event.target.value as Role)}
          >
            {roles().map((known) => (
              <option key={known.id} value={known.id}>
                {known.name}
              </option>
            ))}
          </select>
          <button type="submit" className="btn" disabled={add.isPending}>
            {t("Add")}
          </button>
        </form>
      )}
      {invitation && (
        <div className="shown-once" role="status">
          <p>{t("Nobody here has this e-mail yet. Send them this invitation; it works once.")}</p>
          <div className="line-up">
            <input
              className="field mono"
              readOnly
              aria-label={t("The invitation")}
              value={invitation}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={invitation} />
          </div>
        </div>
      )}
      {refusal && (
        <p className="wrong" role="alert">
          {words(refusal)}
        </p>
      )}
    </section>
  );
}
