interface Props {
  name: string;
  colour: number; // 1 to 8
  size?: "s" | "l";
  title?: string;
  away?: boolean; // an outline
}

const COLOURS = 8;

/** Initials in a person's colour; the name stands beside it or in its title. */
export function Avatar({ name, colour, size, title, away }: Props) {
  return (
    <span
      className={`avatar who-${((colour - 1) % COLOURS) + 1} ${size ?? ""} ${away ? "away" : ""}`}
      title={title}
      aria-hidden={title === undefined}
    >
      {title !== undefined && <span className="vh">{title}</span>}
      <span aria-hidden="true">{initials(name)}</span>
    </span>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters
    .map((word) => [...(word ?? "?")][0] ?? "?")
    .join("")
    .toUpperCase();
}
