import "./elements/lw-app.ts";
import { startTheme } from "./theme.ts";

startTheme();
