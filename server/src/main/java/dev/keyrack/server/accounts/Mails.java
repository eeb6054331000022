package dev.keyrack.server.accounts;

import dev.keyrack.server.texts.Texts;

/** What mails say. A name that somebody chose stands in no subject, where it could pass for ours. */
final class Mails {
    private Mails() {}

    record Text(String subject, String body) {}

    static Text invitation(Texts texts, Caller caller, Invitation invitation, String link) {
        return new Text(
                texts.text("mail.invitation.subject"),
                texts.text(
                        "mail.invitation.body",
                        by(texts, caller),
                        caller.requireOrganization().name(),
                        texts.text("role." + invitation.role().text()),
                        link));
    }

    private static String by(Texts texts, Caller caller) {
        Member member = caller.member();
        return member == null
                ? texts.text("mail.operator")
                : member.name().isEmpty() ? member.email() : member.name() + " (" + member.email() + ")";
    }

    /** @param organization the name of the one whose password it is about */
    static Text forgotten(Texts texts, String organization, String link) {
        return new Text(texts.text("mail.forgotten.subject"), texts.text("mail.forgotten.body", organization, link));
    }

    /** @param organization the name of the one that was made, with the reader as its first Owner */
    static Text founded(Texts texts, String organization, String link) {
        return new Text(texts.text("mail.founded.subject"), texts.text("mail.founded.body", organization, link));
    }
}
