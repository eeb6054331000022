package dev.keyrack.server;

import java.util.UUID;

/** Every call that can be repeated, but for the two that end what they are called with: setup and one's own token. */
enum Repeatable {
    CREATE_KEY("/api/v1/keys", "{'name':'Key','type':'server','projectId':'{project}','metadata':{'a':'1'}}"),
    REGENERATE_KEY("/api/v1/keys/{key}/regenerate", "{'overlapSeconds':0}"),
    CREATE_IDENTITY_KEY("/api/v1/keys/{key}/identity-keys", "{}"),
    START_CHAT("/api/v1/projects/{project}/chat/conversations", "{}"),
    CREATE_PROJECT("/api/v1/projects", "{'name':'Project'}"),
    CREATE_ENTRY("/api/v1/projects/{project}/assistant/entries", "{'question':'Question','answer':'Answer'}"),
    REPLACE_WEBHOOK_SECRET("/api/v1/projects/{project}/assistant/webhook-secret", "{}"),
    CREATE_ORGANIZATION("/api/v1/organizations", "{'name':'Org','subdomain':'{random}','ownerEmail':'o@example.com'}"),
    CREATE_INVITATION("/api/v1/invitations", "{'email':'{random}@example.com','role':'support'}");

    private final String path;
    private final String body;

    Repeatable(String path, String body) {
        this.path = path;
        this.body = body;
    }

    /** One such call, which can be sent as often as one likes. */
    Call of(TestingServer server) {
        String key = this == REGENERATE_KEY ? server.make("server").id() : "";
        key = this == CREATE_IDENTITY_KEY ? server.make("web").id() : key;
        return new Call(
                path.replace("{key}", key).replace("{project}", server.project),
                body.replace("{project}", server.project).replace("{random}", "o" + UUID.randomUUID()));
    }

    /** A call that can be sent again as it is. */
    record Call(String path, String body) {
        Answer by(TestingClient client, String key) {
            return client.post(path, body, "Idempotency-Key", key);
        }
    }
}
