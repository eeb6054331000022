// What a page does with the component: calls it, listens to it. Saving options goes through the demo, as the owner would.
const assistant = document.querySelector("keyrack-assistant");
const form = document.querySelector("#options");
const told = document.querySelector("#told");
const events = document.querySelector("#events");

for (const button of document.querySelectorAll("[data-call]")) {
  button.addEventListener("click", () => assistant[button.dataset.call]());
}
for (const button of document.querySelectorAll("[data-send]")) {
  button.addEventListener("click", () => assistant.send(button.dataset.send));
}
for (const name of ["ready", "open", "close", "send", "message", "conversation", "limit", "unread", "feedback", "error"]) {
  assistant.addEventListener(name, (event) => {
    const item = document.createElement("li");
    item.textContent = `${name} ${JSON.stringify(event.detail ?? null)}`;
    events.prepend(item);
  });
}

const at = (object, path) => path.split(".").reduce((inner, name) => inner?.[name], object);

const options = await (await fetch("/options")).json();
document.querySelector("#place").classList.toggle("contained", options.expand);
const limitText = "That was the last message of this conversation.";
const own = ["", "limit", "limitText"];
for (const field of form.elements) {
  if (own.includes(field.name)) continue;
  const value = at(options, field.name);
  if (field.type === "checkbox") field.checked = value;
  else field.value = Array.isArray(value) ? value.join("\n") : (value ?? "");
}
form.elements.limit.value = options.messageLimit?.messages ?? "";
form.elements.limitText.value = options.messageLimit?.text ?? limitText;

/** What a field says, as the option wants it: a list for lines, nothing for a link that was left empty. */
function chosen(field) {
  if (field.type === "checkbox") return field.checked;
  if (field.type === "number") return Number(field.value);
  if (field.type === "textarea") return field.value.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return field.type === "url" && field.value === "" ? null : field.value;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const patch = { button: {}, prompts: {} };
  for (const field of form.elements) {
    if (own.includes(field.name)) continue;
    const [first, second] = field.name.split(".");
    if (second === undefined) patch[first] = chosen(field);
    else patch[first][second] = chosen(field);
  }
  const limit = form.elements.limit.value;
  patch.messageLimit = limit === "" ? null : { messages: Number(limit), text: form.elements.limitText.value };
  const answer = await fetch("/options", { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify(patch) });
  if (answer.ok) {
    location.reload();
    return;
  }
  const problem = await answer.json();
  told.textContent = problem.errors?.map((error) => `${error.pointer} ${error.detail}`).join("; ") ?? problem.detail;
});
