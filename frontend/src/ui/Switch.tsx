interface Props {
  id: string;
  "aria-describedby"?: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ on, onChange, ...rest }: Props) {
  return (
    <input
      type="checkbox"
      role="switch"
      className="switch"
      checked={on}
      aria-checked={on}
      onChange={(event) => onChange(event.target.checked)}
      {...rest}
    />
  );
}
