package dev.keyrack.server.assistants;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * Finds, among the questions of a project, the one that a visitor asks: by full-text search in memory (Apache Lucene).
 *
 * <p>The score says how much of what either asks is in the other, from 0 to 1: the harmonic mean of the share of the
 * visitor's words that are found in the entry, and of the entry's question that they make up. A word counts less if it is
 * another form of the one that was found, may be a typing error of it, or stands in the answer only; and it has little weight
 * where it is frequent in its language or in all entries. So a score means the same in each project, which the scores of
 * Lucene itself do not. The same entries and question always give the same answer.
 */
final class FaqIndex {
    /** Below it, an entry has nothing to do with the question often enough that saying nothing is better. */
    static final double THRESHOLD = 0.4;

    private static final String QUESTION = "question";
    private static final String ANSWER = "answer";
    private static final int CANDIDATES = 50;

    private static final float SAME = 1.0f;
    private static final float LONGER = 0.85f;
    private static final float OTHER_FORM = 0.6f;
    private static final float MISTYPED = 0.75f;
    private static final float IN_ANSWER = 0.4f;
    private static final float FREQUENT = 0.15f;

    /** What is left of the score of a question that has frequent words only: enough where an entry asks the very same. */
    private static final float UNTELLING = 0.5f;

    /** How much of its weight a word loses that all entries have. */
    private static final float COMMON = 0.7f;

    /** With fewer entries, it says nothing that all of them have a word. */
    private static final int ENOUGH = 5;

    private final List<Entry> entries;
    private final IndexSearcher searcher;
    private final float[] weights;

    FaqIndex(List<Entry> entries) {
        this.entries = List.copyOf(entries);
        try {
            this.searcher = new IndexSearcher(DirectoryReader.open(written(entries)));
            this.searcher.setQueryCache(null);
            this.weights = new float[entries.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = weight(Words.of(entries.get(i).question()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an index in memory was written", e);
        }
    }

    /** An index whose documents have the numbers of the entries in their list. */
    private static ByteBuffersDirectory written(List<Entry> entries) throws IOException {
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig(Words.ANALYZER).setUseCompoundFile(false);
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (Entry entry : entries) {
                Document document = new Document();
                document.add(new TextField(QUESTION, entry.question(), Field.Store.NO));
                document.add(new TextField(ANSWER, entry.answer(), Field.Store.NO));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        return directory;
    }

    /** @param score from 0 to 1 */
    record Match(Entry entry, double score) {}

    /** The entry that answers this best, however badly; nothing where no word of it is found. */
    Optional<Match> best(String question) {
        Set<String> words = Words.of(question);
        if (words.isEmpty() || entries.isEmpty()) {
            return Optional.empty();
        }
        try {
            float asked = weight(words);
            float share = words.stream().allMatch(Words::isFrequent) ? UNTELLING : 1;
            Match best = null;
            for (ScoreDoc found : searcher.search(query(words), CANDIDATES).scoreDocs) {
                double score = share * mean(found.score / asked, found.score / weights[found.doc]);
                if (best == null || score > best.score()) {
                    best = new Match(entries.get(found.doc), score);
                }
            }
            return Optional.ofNullable(best);
        } catch (IOException e) {
            throw new UncheckedIOException("an index in memory was read", e);
        }
    }

    private static double mean(double one, double other) {
        double first = Math.min(1, one);
        double second = Math.min(1, other);
        return 2 * first * second / (first + second);
    }

    private Query query(Set<String> words) throws IOException {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        for (String word : words) {
            List<Query> ways = new ArrayList<>();
            ways.add(scored(new TermQuery(new Term(QUESTION, word)), SAME));
            int length = word.codePointCount(0, word.length());
            if (!Words.isFrequent(word)) {
                ways.add(scored(new TermQuery(new Term(ANSWER, word)), IN_ANSWER));
                if (length >= 4) {
                    ways.add(scored(new PrefixQuery(new Term(QUESTION, word)), LONGER));
                    ways.add(scored(
                            new PrefixQuery(new Term(
                                    QUESTION, word.substring(0, word.offsetByCodePoints(0, Math.max(4, length - 3))))),
                            OTHER_FORM));
                    ways.add(scored(new FuzzyQuery(new Term(QUESTION, word), length < 8 ? 1 : 2, 1), MISTYPED));
                }
            }
            all.add(new BoostQuery(new DisjunctionMaxQuery(ways, 0), weight(word)), BooleanClause.Occur.SHOULD);
        }
        return all.build();
    }

    private static Query scored(Query query, float score) {
        return new BoostQuery(new ConstantScoreQuery(query), score);
    }

    private float weight(Set<String> words) throws IOException {
        float sum = 0;
        for (String word : words) {
            sum += weight(word);
        }
        // Entries of signs alone have no words.
        return Math.max(sum, FREQUENT);
    }

    private float weight(String word) throws IOException {
        float base = Words.isFrequent(word) ? FREQUENT : 1;
        return entries.size() < ENOUGH
                ? base
                : base * (1 - COMMON * searcher.getIndexReader().docFreq(new Term(QUESTION, word)) / entries.size());
    }
}
