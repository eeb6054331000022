/** The portal's scripts. Every page works without them; README.md says what markup they look for. */
import { bulk } from "./bulk";
import { copy } from "./copy";
import { dialog } from "./dialog";
import { drafts } from "./drafts";
import { enables } from "./enables";
import { fileSize } from "./file-size";
import { guard } from "./guard";
import { keep } from "./keep";
import { listEditor } from "./list-editor";
import { linkCode } from "./link-code";
import { live } from "./live";
import { preview } from "./preview";
import { quickSearch } from "./quick-search";
import { reveal } from "./reveal";
import { time } from "./time";
import { zone } from "./zone";

linkCode();
// Before whatever makes more of a field than it is.
drafts();
time();
zone();
copy();
listEditor();
enables();
fileSize();
bulk();
// What sends a form by script comes before what looks whether the browser sends it.
keep();
dialog();
live();
reveal();
guard();
preview();
quickSearch();
