import { type ComponentType, lazy } from "react";

const failed = new Set<() => void>();

/** A part that is loaded when it is first shown. Where that failed, {@link loadFailedAgain} makes the next try a new one. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const make = () =>
    lazy(() =>
      load().then(
        (part) => ({ default: part as ComponentType<object> }),
        (cause) => {
          failed.add(() => {
            Part = make();
          });
          throw cause;
        },
      ),
    );
  let Part = make();
  // biome-ignore lint/correctness/noComponentHookFactories: called at module level only, as React's own lazy is
  return function Lazily(props: Props) {
    return <Part {...props} />;
  };
}

export function loadFailedAgain(): void {
  for (const again of failed) again();
  failed.clear();
}
