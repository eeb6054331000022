package dev.keyrack.server.accounts;

import dev.keyrack.verifier.Secret;
import dev.keyrack.verifier.Sentence;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * What a new password must be (OWASP ASVS 5.0, 6.2): long, and none that others try first. Nothing is asked of the kinds of
 * characters in it, and it never has to be changed for its age.
 */
final class PasswordRules {
    static final int SHORTEST = 12;
    static final int LONGEST = 128;

    /** A shorter name or local part stands in too many good passwords by chance. */
    private static final int TELLING = 4;

    private final CommonPasswords common = CommonPasswords.load();

    /**
     * What is wrong with a password, and what to do about it; completes “the password …”. Nothing when it is good.
     *
     * @param organization the name of the organization that it is for
     */
    Optional<Sentence> refusal(Secret password, String email, String organization) {
        String text = Normalizer.normalize(password.reveal(), Normalizer.Form.NFC);
        long length = text.codePoints().count();
        if (length < SHORTEST) {
            return Optional.of(Sentence.of("problem.password-short", SHORTEST, length));
        }
        if (length > LONGEST) {
            return Optional.of(Sentence.of("problem.password-long", LONGEST, length));
        }
        String folded = text.toLowerCase(Locale.ROOT);
        String address = email.toLowerCase(Locale.ROOT);
        if (isOnly(folded, address) || isOnly(folded, address.replaceFirst("@.*", ""))) {
            return Optional.of(Sentence.of("problem.password-of-email"));
        }
        if (isOnly(folded, organization.toLowerCase(Locale.ROOT))) {
            return Optional.of(Sentence.of("problem.password-of-organization"));
        }
        if (common.has(folded)) {
            return Optional.of(Sentence.of("problem.password-common"));
        }
        return Optional.empty();
    }

    /** Whether nothing is left of the password without this word, but digits and signs or too little of anything else. */
    private static boolean isOnly(String password, String word) {
        String letters = lettersOf(word);
        if (password.equals(word)) {
            return true;
        }
        if (letters.length() < TELLING) {
            return false;
        }
        String rest = lettersOf(password).replace(letters, "");
        return !rest.equals(lettersOf(password)) && rest.length() < TELLING;
    }

    private static String lettersOf(String text) {
        StringBuilder letters = new StringBuilder();
        text.codePoints().filter(Character::isLetter).forEach(letters::appendCodePoint);
        return letters.toString();
    }
}
