interface Props<Value extends string | number> {
  label: string;
  options: readonly { value: Value; name: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few, all of them visible: radio buttons in a row. */
export function Segments<Value extends string | number>({ label, options, value, onChange }: Props<Value>) {
  return (
    <div className="segments" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={option.value === value ? "on" : undefined}>
          <input
            type="radio"
            className="vh"
            name={label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.name}
        </label>
      ))}
    </div>
  );
}
