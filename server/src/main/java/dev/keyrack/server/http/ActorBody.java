package dev.keyrack.server.http;

import dev.keyrack.server.store.Actor;

/** Who did something, as answers show it. */
public record ActorBody(String kind, String id, String name) {
    public static ActorBody of(Actor actor) {
        return new ActorBody(actor.kind().text(), actor.id(), actor.name());
    }
}
