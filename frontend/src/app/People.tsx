import { FileText } from "lucide-react";
import { nameOf } from "../files/files";
import { t } from "../text/text";
import { Avatar, initials } from "../ui/Avatar";
import { Menu, MenuItem } from "../ui/Menu";

export interface Person {
  id: string;
  name: string;
  colour: number;
  isGuest?: boolean;
  place?: string; // path of the file that is in front of them
}

interface Props {
  people: Person[];
  onOpen: (path: string) => void;
}

const SHOWN = 5; // avatars; then "+3"

/** Who else is here, and in which file. */
export function People({ people, onOpen }: Props) {
  const rest = people.slice(SHOWN);
  return (
    <ul className="avatars" aria-label={t("Also here")}>
      {people.slice(0, SHOWN).map((person) => (
        <li key={person.id}>
          <Menu
            label={`${initials(person.name)}, ${placeWords(person)}`}
            className="avatar-button"
            align="end"
            trigger={<Avatar name={person.name} colour={person.colour} />}
          >
            {(close) => <Where person={person} close={close} onOpen={onOpen} />}
          </Menu>
        </li>
      ))}
      {rest.length > 0 && (
        <li>
          <Menu
            label={t("+{n}, more people are here", { n: rest.length })}
            className="pick"
            align="end"
            trigger={<span aria-hidden="true">+{rest.length}</span>}
          >
            {(close) => rest.map((person) => <Where key={person.id} person={person} close={close} onOpen={onOpen} />)}
          </Menu>
        </li>
      )}
    </ul>
  );
}

function placeWords({ name, place }: Person): string {
  return place === undefined ? name : t("{name}, in {place}", { name, place });
}

function Where({ person, close, onOpen }: { person: Person; close: () => void; onOpen: (path: string) => void }) {
  const { name, isGuest, place } = person;
  return (
    <>
      <p className="menu-head">
        {name} {isGuest && <span className="chip">{t("guest")}</span>}
        <span className="hint block cut">{place === undefined ? t("here now") : t("in {place}", { place })}</span>
      </p>
      {place !== undefined && (
        <MenuItem
          onChoose={() => {
            close();
            onOpen(place);
          }}
        >
          <FileText className="i s" aria-hidden="true" />
          {t("Open {name}", { name: nameOf(place) })}
        </MenuItem>
      )}
    </>
  );
}
