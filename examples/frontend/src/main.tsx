import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Connection } from "./connection";
import { takeReturn } from "./routes";
import "./style.css";

takeReturn();
// A browser that goes back from the platform shows the page as it was left: what it says is old by then.
addEventListener("pageshow", (event) => event.persisted && location.reload());

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Connection /></StrictMode>);
