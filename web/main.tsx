import { render } from "solid-js/web";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import { App } from "./shell/App.tsx";

const root = document.getElementById("app");
if (root !== null) render(() => <App />, root);
