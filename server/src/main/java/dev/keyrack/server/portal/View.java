package dev.keyrack.server.portal;

import dev.keyrack.server.http.Times;
import dev.keyrack.server.texts.Texts;
import dev.keyrack.verifier.Sentence;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every template may ask: texts, who reads, the token of forms, addresses of files. */
public final class View {
    private static final Pattern PROJECT = Pattern.compile("/projects/(?!new$)([A-Za-z0-9_-]+)(?:/.*)?");

    private final Texts texts;
    private final Assets assets;
    private final @Nullable Reader reader;
    private final String csrf;
    private final String path;
    private final @Nullable String done;
    private final String version;
    private final String from;
    private final Supplier<Brand> brand;

    View(
            Texts texts,
            Assets assets,
            @Nullable Reader reader,
            String csrf,
            String path,
            @Nullable String done,
            String version,
            String from,
            Supplier<Brand> brand) {
        this.texts = texts;
        this.assets = assets;
        this.reader = reader;
        this.csrf = csrf;
        this.path = path;
        this.done = done;
        this.version = version;
        this.from = from;
        this.brand = brand;
    }

    /** The text of this name; see {@link Texts#text}. */
    public String t(String key, Object... arguments) {
        return texts.text(key, arguments);
    }

    /** What a sentence says; see {@link Texts#text(Sentence)}. */
    public String t(Sentence sentence) {
        return texts.text(sentence);
    }

    public Texts texts() {
        return texts;
    }

    /** Nothing on the pages for whoever is not signed in. */
    public @Nullable Reader reader() {
        return reader;
    }

    /** Whether the reader has this right, for everything or for their own. */
    public boolean may(String right) {
        return reader != null && reader.may().contains(right);
    }

    public boolean operator() {
        return reader != null && reader.operator();
    }

    /** What every form sends along, in the field {@value Csrf#FIELD}. */
    public String csrf() {
        return csrf;
    }

    /** The address of this page, without its query. */
    public String path() {
        return path;
    }

    /** Whether this address, or one below it, is the page that is shown. */
    public boolean at(String address) {
        return path.equals(address) || path.startsWith(address + "/");
    }

    /** The project whose pages these are; empty elsewhere. */
    public String project() {
        Matcher project = PROJECT.matcher(path);
        return project.matches() ? project.group(1) : "";
    }

    /** Whose pages these are to whoever is not signed in. */
    public Brand brand() {
        return brand.get();
    }

    /** What was done just before this page was shown, in words. */
    public @Nullable String done() {
        return done != null && texts.has("done." + done) ? texts.text("done." + done) : null;
    }

    /** The address of a file in {@code /portal/}. */
    public String asset(String name) {
        return assets.address(name);
    }

    /** A time in microseconds since 1970 as {@code datetime} wants it. */
    public String time(long micros) {
        return Times.text(micros);
    }

    /** The address of the page that a form stands on, query and all: whoever has to sign in first comes back to it. */
    public String from() {
        return from;
    }

    public String version() {
        return version;
    }
}
