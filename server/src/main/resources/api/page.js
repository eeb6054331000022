// Renders the contract. Nothing is sent anywhere but to this server.
"use strict";

// Swagger UI puts a link into the button that opens an operation, which nobody who cannot see can tell apart. The
// address of an open operation still stands in the address bar.
const plainPaths = (system) => ({
  components: { DeepLink: ({ text }) => system.React.createElement("span", null, text) },
});

const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

SwaggerUIBundle({
  url: "/api/openapi.yaml",
  dom_id: "#contract",
  deepLinking: true,
  validatorUrl: null,
  plugins: [plainPaths],
  onComplete: () => document.getElementById("servers")?.setAttribute("aria-label", "Server"),
});
