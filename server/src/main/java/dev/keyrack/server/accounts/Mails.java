package dev.keyrack.server.accounts;

/** What mails say. A name that somebody chose stands in no subject, where it could pass for ours. */
final class Mails {
    private Mails() {}

    record Text(String subject, String body) {}

    static Text invitation(Caller caller, Invitation invitation, String link) {
        return new Text("Your invitation to Keyrack", """
                %s invites you to join “%s” as %s.

                Open this link to choose a password:
                %s

                It works once, for seven days. If you do not know what this is about, do nothing: without the link, nobody
                becomes a member with your address.
                """.formatted(
                        by(caller),
                        caller.requireOrganization().name(),
                        invitation.role().text(),
                        link));
    }

    private static String by(Caller caller) {
        Member member = caller.member();
        return member == null
                ? "The operator"
                : member.name().isEmpty() ? member.email() : member.name() + " (" + member.email() + ")";
    }

    /** @param organization the name of the one whose password it is about */
    static Text forgotten(String organization, String link) {
        return new Text("Choose a new password for Keyrack", """
                Somebody, probably you, asked for a new password for your account in “%s”.

                Open this link to choose one:
                %s

                It works once, for an hour. If it was not you, do nothing: your password stays as it is.
                """.formatted(organization, link));
    }
}
