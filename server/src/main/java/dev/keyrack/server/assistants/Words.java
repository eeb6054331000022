package dev.keyrack.server.assistants;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.WordlistLoader;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.util.ElisionFilter;

/**
 * The words of a text, whatever its language: cut as Unicode says (UAX 29), in lower case, without accents. No language is
 * guessed from a question of three words, so nothing is reduced to its stem.
 */
final class Words {
    /** No question is longer to us: more words make it slower, not clearer. */
    private static final int MAX = 40;

    /** Languages whose most frequent words are known to us: they carry little of what a question asks for. */
    private static final List<String> LANGUAGES = List.of(
            "danish",
            "dutch",
            "english",
            "finnish",
            "french",
            "german",
            "hungarian",
            "italian",
            "norwegian",
            "portuguese",
            "russian",
            "spanish",
            "swedish");

    /** What the lists leave out, and people who chat say in every other question. */
    private static final Set<String> CHAT = Set.of(
            "can", "may", "will", "please", "hi", "hello", "thanks", "bitte", "hallo", "danke", "bonjour", "merci",
            "hola", "gracias", "ciao", "grazie");

    static final Analyzer ANALYZER = new Analyzer() {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            StandardTokenizer tokenizer = new StandardTokenizer();
            TokenStream words = new ElisionFilter(new LowerCaseFilter(tokenizer), FrenchAnalyzer.DEFAULT_ARTICLES);
            return new TokenStreamComponents(tokenizer, new ASCIIFoldingFilter(new EnglishPossessiveFilter(words)));
        }
    };

    private static final Set<String> FREQUENT = frequent();

    private Words() {}

    private static Set<String> frequent() {
        Set<String> all = new HashSet<>();
        for (String language : LANGUAGES) {
            try (InputStreamReader file = new InputStreamReader(
                    java.util.Objects.requireNonNull(SnowballFilter.class.getResourceAsStream(language + "_stop.txt")),
                    StandardCharsets.UTF_8)) {
                for (Object word : WordlistLoader.getSnowballWordSet(file)) {
                    all.addAll(read(new String((char[]) word), Integer.MAX_VALUE));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Set.copyOf(all);
    }

    /** The different words of a text, in the order in which they come first. */
    static Set<String> of(String text) {
        return read(text, MAX);
    }

    /** Whether a word is one of the most frequent ones of some language. Hiragana, each a word here, is mostly grammar. */
    static boolean isFrequent(String word) {
        return FREQUENT.contains(word)
                || CHAT.contains(word)
                || (word.length() == 1
                        && Character.UnicodeScript.of(word.charAt(0)) == Character.UnicodeScript.HIRAGANA);
    }

    private static Set<String> read(String text, int max) {
        Set<String> words = new LinkedHashSet<>();
        try (TokenStream tokens = ANALYZER.tokenStream("", text)) {
            CharTermAttribute word = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (words.size() < max && tokens.incrementToken()) {
                words.add(word.toString());
            }
            if (words.size() < max) {
                tokens.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory was read", e);
        }
        return words;
    }
}
