import { Fragment } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Revealed } from "../ui/Revealed";
import { type Place, screen } from "./repository";

/** The way from the project's root to a place, each step a link. */
export function Crumbs({ place, name }: { place: Place; name: string }) {
  const { path = "" } = place;
  const steps = path === "" ? [] : path.split("/");
  return (
    <nav className="way grow" aria-label={t("Where this is")}>
      {steps.length === 0 ? (
        <span className="cut">
          <Revealed text={name} />
        </span>
      ) : (
        <Link href={screen({ ...place, path: undefined }, "tree")}>
          <Revealed text={name} />
        </Link>
      )}
      {steps.map((step, index) => (
        <Fragment key={index}>
          <span className="faint" aria-hidden="true">
            /
          </span>
          {index === steps.length - 1 ? (
            <span aria-current="page">
              <Revealed text={step.replaceAll("\n", "⏎")} />
            </span>
          ) : (
            <Link href={screen({ ...place, path: steps.slice(0, index + 1).join("/") }, "tree")}>
              <Revealed text={step.replaceAll("\n", "⏎")} />
            </Link>
          )}
        </Fragment>
      ))}
      {path !== "" && <CopyButton icon text={path} label={t("Copy the path")} />}
    </nav>
  );
}
