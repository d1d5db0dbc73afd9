import "@fontsource-variable/hanken-grotesk/wght.css";
import "@fontsource/commit-mono/400.css";
import "@fontsource/commit-mono/700.css";
import "./ui/tokens.css";
import "./ui/base.css";
import "./session/session.css";
import "./editor/editor.css";
import "./files/files.css";
import "./palette/palette.css";
import "./project/project.css";
import "./repository/repository.css";
import "./changes/changes.css";
import "./sessions/sessions.css";
import "./app/app.css";
import "./ui/contrast.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { loadLanguage } from "./text/text";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
await loadLanguage();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
