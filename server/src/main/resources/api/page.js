// Renders the contract. Nothing is sent anywhere but to this server.
SwaggerUIBundle({ url: "/api/openapi.yaml", dom_id: "#contract", deepLinking: true, validatorUrl: null });
