import { lexer, type Token, type Tokens } from "marked";
import { createContext, Fragment, memo, type ReactNode, useContext, useMemo } from "react";
import { Link as NearLink } from "wouter";
import { t } from "../text/text";
import { CodeBlock } from "./CodeBlock";
import { Revealed } from "./Revealed";

/** Draws plain words in place of {@link Revealed}: for what the product finds in them, such as the names of files. */
export const PlainText = createContext<(text: string) => ReactNode>((text) => <Revealed text={text} />);

/** Where a link within the same place leads, such as `docs/a.md` of a README; undefined: nowhere, it is shown as text. */
export const NearLinks = createContext<(href: string) => string | undefined>(() => undefined);

/** Finished Markdown. No HTML is made: tokens become elements, raw HTML is shown as text, no image is fetched. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text.replace(/\r\n/g, "\n")), [text]);
  return <Blocks tokens={tokens} />;
});

/** Markdown that still grows: `frozen` blocks keep their elements. */
export function LiveMarkdown({ frozen, tail }: { frozen: Token[]; tail: Token[] }) {
  const tokens = [...frozen, ...tail];
  return tokens.map((token, index) => <Block key={index} token={token} caret={index === tokens.length - 1} />);
}

function Blocks({ tokens }: { tokens: Token[] }) {
  return tokens.map((token, index) => <Block key={index} token={token} />);
}

interface BlockProps {
  token: Token;
  caret?: boolean; // the agent writes here: inline and without a box, so that no word moves for it
}

const Block = memo(function Block({ token: raw, caret }: BlockProps): ReactNode {
  const token = raw as Tokens.Generic;
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      return <Heading token={token} />;
    case "paragraph":
      return (
        <p>
          <Inline tokens={token.tokens} />
          {caret && <i className="agent-caret" aria-hidden="true" />}
        </p>
      );
    case "text":
      return token.tokens ? <Inline tokens={token.tokens} /> : <Plain text={token.text} />;
    case "code": // one that still grows has no colours yet: they would come and go with every word
      return <CodeBlock text={token.text} language={caret ? "" : ((token.lang ?? "").split(/\s/u)[0] ?? "")} />;
    case "blockquote":
      return (
        <blockquote>
          <Blocks tokens={token.tokens ?? []} />
        </blockquote>
      );
    case "list":
      return <List token={token as Tokens.List} />;
    case "table":
      return <Table token={token as Tokens.Table} />;
    case "hr":
      return <hr />;
    case "checkbox":
      return null; // the list item draws it
    default:
      return (
        <p>
          <Revealed text={token.raw} />
        </p>
      );
  }
});

/** Headings of a reply stand below the page's own: h3 and deeper. */
function Heading({ token }: { token: Tokens.Generic }) {
  const content = <Inline tokens={token.tokens} />;
  if (token.depth <= 2) return <h3>{content}</h3>;
  return <h4>{content}</h4>;
}

function List({ token }: { token: Tokens.List }) {
  const items = token.items.map((item, index) => (
    <li key={index} className={item.task ? "task" : undefined}>
      {item.task && <span className="check">{item.checked ? "☑ " : "☐ "}</span>}
      <Blocks tokens={item.tokens} />
    </li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={token.start === "" ? 1 : token.start}>{items}</ol>;
}

function Table({ token }: { token: Tokens.Table }) {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t("Table")}>
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} align={cell.align ?? undefined}>
                <Inline tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) => (
                <td key={place} align={cell.align ?? undefined}>
                  <Inline tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Plain({ text }: { text: string }) {
  return useContext(PlainText)(text);
}

function Inline({ tokens }: { tokens: Token[] | undefined }): ReactNode {
  return (tokens ?? []).map((token, index) => <Fragment key={index}>{inline(token as Tokens.Generic)}</Fragment>);
}

function inline(token: Tokens.Generic): ReactNode {
  switch (token.type) {
    case "text":
    case "escape":
      return token.tokens ? <Inline tokens={token.tokens} /> : <Plain text={decoded(token.text)} />;
    case "strong":
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      );
    case "del":
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      );
    case "codespan":
      return (
        <code>
          <Revealed text={token.text} />
        </code>
      );
    case "br":
      return <br />;
    case "link":
      return <Link token={token} />;
    case "image":
      return (
        <Link
          token={{
            ...token,
            tokens: [{ type: "text", raw: "", text: t("image: {name}", { name: token.text || token.href }) }],
          }}
        />
      );
    case "checkbox":
      return null;
    default:
      return <Revealed text={token.raw} />;
  }
}

/** Only web and mail addresses lead anywhere; a link whose words hide its host names it. */
function Link({ token }: { token: Tokens.Generic }) {
  const words = <Inline tokens={token.tokens} />;
  const near = useContext(NearLinks);
  let target: URL | undefined;
  try {
    target = new URL(token.href);
  } catch {
    target = undefined;
  }
  const here = target === undefined ? near(token.href) : undefined;
  if (here !== undefined) return <NearLink href={here}>{words}</NearLink>;
  if (target === undefined || !["http:", "https:", "mailto:"].includes(target.protocol))
    return (
      <>
        {words} ({token.href})
      </>
    );
  const says = target.protocol === "mailto:" || String(token.text).includes(target.host);
  return (
    <>
      <a href={target.href} target="_blank" rel="noopener noreferrer">
        {words}
      </a>
      {!says && <span className="faint"> ({target.host})</span>}
    </>
  );
}

const ENTITIES: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function decoded(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/gu, (entity) => ENTITIES[entity] ?? entity);
}
