package dev.keyrack.server.assistants;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A question finds the entry that answers it, in several languages and with typing errors, and no entry that does not. */
class FaqIndexTest {
    private static final List<Entry> SHOP = entries(
            "How can I track my order?",
            "What are your opening hours?",
            "Can I return an item?",
            "How do I reset my password?",
            "Which payment methods do you accept?",
            "Do you ship abroad?",
            "How long does delivery take?",
            "How do I contact support?",
            "Where can I find my invoice?",
            "Can I change my delivery address?",
            "How do I cancel my subscription?",
            "Is there a student discount?",
            "Wie kann ich meine Bestellung verfolgen?",
            "Wie setze ich mein Passwort zurück?",
            "Welche Öffnungszeiten haben Sie?",
            "Kann ich die Lieferadresse ändern?",
            "Comment suivre ma commande ?",
            "Comment réinitialiser mon mot de passe ?",
            "Quels sont les moyens de paiement acceptés ?",
            "¿Cómo puedo cancelar mi pedido?",
            "¿Cuánto tarda el envío?",
            "Как отменить заказ?",
            "如何退货？",
            "返品できますか？");
    private static final FaqIndex INDEX = new FaqIndex(SHOP);

    private static List<Entry> entries(String... questions) {
        List<Entry> entries = new ArrayList<>();
        for (String question : questions) {
            entries.add(new Entry(
                    "ent_" + entries.size(), "prj_1", entries.size() + 1, question, "The answer to it.", 1, 0));
        }
        return entries;
    }

    private static Optional<String> found(String question) {
        return INDEX.best(question)
                .filter(match -> match.score() >= FaqIndex.THRESHOLD)
                .map(match -> match.entry().question());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "How can I track my order?|How can I track my order?",
                "track order|How can I track my order?",
                "how do i track an order|How can I track my order?",
                "I would like to track the order that I placed last week|How can I track my order?",
                "tracking my orders|How can I track my order?",
                "trakc my ordr|How can I track my order?",
                "opening hours|What are your opening hours?",
                "When do you open? What hours?|What are your opening hours?",
                "openning horus|What are your opening hours?",
                "can i return this item|Can I return an item?",
                "How can I reset my pasword|How do I reset my password?",
                "reset password please|How do I reset my password?",
                "What payment methods are accepted|Which payment methods do you accept?",
                "payment|Which payment methods do you accept?",
                "Hi, do you ship abroad?|Do you ship abroad?",
                "delivery address change|Can I change my delivery address?",
                "CANCEL SUBSCRIPTION|How do I cancel my subscription?",
                "student discounts|Is there a student discount?",
                "Wo kann ich meine Bestellung verfolgen|Wie kann ich meine Bestellung verfolgen?",
                "passwort zurueck setzen zurück|Wie setze ich mein Passwort zurück?",
                "offnungszeiten|Welche Öffnungszeiten haben Sie?",
                "Lieferadresse andern|Kann ich die Lieferadresse ändern?",
                "suivre commande|Comment suivre ma commande ?",
                "reinitialiser le mot de passe|Comment réinitialiser mon mot de passe ?",
                "como cancelar pedido|¿Cómo puedo cancelar mi pedido?",
                "cuanto tarda el envio|¿Cuánto tarda el envío?",
                "отменить заказ|Как отменить заказ?",
                "我想退货|如何退货？",
                "返品したい|返品できますか？"
            })
    void questionFindsItsEntry(String asked, String entry) {
        assertThat(found(asked)).contains(entry);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How do I bake a cake?",
                "Who is the president of France?",
                "What can you do?",
                "hello",
                "Can I speak with my lawyer about the accident of yesterday?",
                "Tell me a joke",
                "How do I write a function in Python?",
                "What is the weather in Paris?",
                "Wie wird das Wetter morgen?",
                "Comment faire une tarte aux pommes ?",
                "asdf qwer",
                "???",
                "🙂",
                "x"
            })
    void questionThatNoEntryAnswersFindsNone(String asked) {
        assertThat(INDEX.best(asked).map(FaqIndex.Match::score).orElse(0.0)).isLessThan(FaqIndex.THRESHOLD);
    }

    @Test
    void sameQuestionGivesTheSameAnswerAlways() {
        FaqIndex again = new FaqIndex(SHOP);
        for (Entry entry : SHOP) {
            assertThat(again.best(entry.question())).isEqualTo(INDEX.best(entry.question()));
            assertThat(INDEX.best(entry.question())).get().satisfies(match -> {
                assertThat(match.entry()).isEqualTo(entry);
                assertThat(match.score()).isBetween(0.99, 1.0);
            });
        }
    }

    @Test
    void ofEqualEntriesTheFirstAnswers() {
        FaqIndex twice = new FaqIndex(entries("How do I pay?", "How do I pay?"));

        assertThat(twice.best("how do i pay"))
                .get()
                .extracting(match -> match.entry().id())
                .isEqualTo("ent_0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "AND OR NOT", "(a", "\"", "*", "?*~", "question:x", "a\\", "\u0000", "ﷺ", "a~b^c"})
    void nothingThatIsAskedIsASyntaxError(String asked) {
        assertThat(INDEX.best(asked.repeat(1)))
                .satisfiesAnyOf(
                        best -> assertThat(best).isEmpty(),
                        best -> assertThat(best).isPresent());
        assertThat(INDEX.best((asked + " ").repeat(2_000))
                        .map(FaqIndex.Match::score)
                        .orElse(0.0))
                .isLessThan(1.01);
    }

    @Test
    void projectWithoutEntriesFindsNothing() {
        assertThat(new FaqIndex(List.of()).best("anything")).isEmpty();
    }
}
