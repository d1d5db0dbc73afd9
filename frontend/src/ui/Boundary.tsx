import { Component, type ComponentType, type ReactNode } from "react";
import { t } from "../text/text";
import { loadFailedAgain } from "./lazily";
import { Trouble } from "./Trouble";

interface Props {
  className?: string | undefined; // where the part stands
  shown?: string; // what it shows: another thing is a new try
  children: ReactNode;
}

/** Keeps a fault of one region of the page from the others: says it there, and tries again when asked. */
export class Boundary extends Component<Props, { fault: Error | undefined }> {
  override state: { fault: Error | undefined } = { fault: undefined };

  static getDerivedStateFromError(fault: unknown) {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }

  readonly #again = () => {
    loadFailedAgain();
    this.setState({ fault: undefined });
  };

  override componentDidUpdate(before: Props) {
    if (this.state.fault !== undefined && before.shown !== this.props.shown) this.#again();
  }

  override render() {
    const { fault } = this.state;
    if (fault === undefined) return this.props.children;
    const missing = isMissingChunk(fault);
    return (
      <div className={`boundary ${this.props.className ?? ""}`}>
        <Trouble
          title={missing ? t("This part could not be loaded") : t("This part of the page failed")}
          detail={
            missing
              ? t(
                  "The server did not answer, or it was updated since this page was opened. Nothing that you typed is lost.",
                )
              : t("{problem} The rest of the page goes on.", { problem: sentence(fault.message) })
          }
          onRetry={this.#again}
        />
      </div>
    );
  }
}

/** The same part, whose faults stay in it. */
export function bounded<Props extends object>(Part: ComponentType<Props>, className?: string): ComponentType<Props> {
  return function Bounded(props: Props) {
    return (
      <Boundary className={className}>
        <Part {...props} />
      </Boundary>
    );
  };
}

/** What browsers throw where the file of a lazy part is gone; each has words of its own. */
function isMissingChunk(fault: Error): boolean {
  return /dynamically imported module|importing a module script|preload CSS/iu.test(fault.message);
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
