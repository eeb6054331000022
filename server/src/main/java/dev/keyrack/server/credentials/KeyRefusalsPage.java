package dev.keyrack.server.credentials;

import dev.keyrack.gate.Refusals;
import dev.keyrack.server.accounts.Caller;
import dev.keyrack.server.portal.Pages;
import dev.keyrack.server.projects.Projects;
import dev.keyrack.verifier.Check;
import dev.keyrack.verifier.Code;
import dev.keyrack.verifier.Sentence;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Why a key was refused in the last seven days, how often, and what to do about it. */
@RestController
@RequestMapping("/settings/api-keys/{id}/refusals")
public final class KeyRefusalsPage {
    private static final long HOUR = Duration.ofHours(1).toNanos() / 1_000;

    private final Pages pages;
    private final Credentials credentials;
    private final KeyRefusals refusals;
    private final Projects projects;

    public KeyRefusalsPage(Pages pages, Credentials credentials, KeyRefusals refusals, Projects projects) {
        this.pages = pages;
        this.credentials = credentials;
        this.refusals = refusals;
        this.projects = projects;
    }

    /**
     * Everything of one rule and value.
     *
     * @param observed whether it was only told, and not refused
     * @param value empty where none was sent
     * @param further whether it stands for all values beyond those that are kept
     * @param why how the value fares with the key now; nothing where that says nothing
     * @param held whether the key would let it through now
     * @param allow the address of the form with the value in it; nothing where the reader or the value cannot do that
     * @param allows what that adds: website or network
     */
    public record Row(
            String code,
            boolean observed,
            String value,
            boolean further,
            long count,
            long firstAt,
            long lastAt,
            @Nullable Sentence why,
            @Nullable String nearest,
            boolean held,
            @Nullable String allow,
            String allows) {}

    /** @param at where the hour begins, in microseconds since 1970; of a day, where it would begin in UTC */
    public record Point(long at, long refused, long observed) {}

    /**
     * @param by hour or day
     * @param zone whose days these are
     */
    public record Model(
            KeyTab tab, List<Row> rows, List<Point> points, long refused, long observed, String by, ZoneId zone) {}

    @GetMapping
    ResponseEntity<byte[]> show(Caller caller, @PathVariable String id, HttpServletRequest request) {
        Key key = credentials.get(caller, id);
        KeyRefusals.Report report = refusals.report(caller, key.id().value());
        KeyTab tab = KeyTab.of(caller, key, projects);
        boolean hourly = "hour".equals(request.getParameter("by"));
        ZoneId zone = Pages.zone(request);
        return pages.show(
                request,
                "credentials/key-refusals",
                new Model(
                        tab,
                        report.groups().stream().map(group -> row(tab, group)).toList(),
                        hourly ? hours(report.hours(), caller.at()) : days(report.hours(), caller.at(), zone),
                        report.hours().stream()
                                .mapToLong(KeyRefusalsSql.Hour::count)
                                .sum(),
                        report.hours().stream()
                                .mapToLong(KeyRefusalsSql.Hour::observed)
                                .sum(),
                        hourly ? "hour" : "day",
                        zone));
    }

    private static Row row(KeyTab tab, KeyRefusals.Explained explained) {
        KeyRefusalsSql.Group group = explained.group();
        Optional<Check> now = explained.now();
        boolean held = now.filter(
                        check -> check.outcome() == Check.Outcome.HELD || check.outcome() == Check.Outcome.NOT_SET)
                .isPresent();
        String allows = group.code() == Code.WEBSITE_NOT_ALLOWED ? "website" : "network";
        return new Row(
                group.code().name(),
                group.observed(),
                group.value(),
                group.value().equals(Refusals.FURTHER),
                group.count(),
                group.firstAt(),
                group.lastAt(),
                now.map(Check::says).orElse(null),
                now.flatMap(Check::nearest).orElse(null),
                held,
                tab.editable() && !held
                        ? allowed(group)
                                .map(value -> tab.address() + "/restrictions?allow-" + allows + "="
                                        + URLEncoder.encode(value, StandardCharsets.UTF_8))
                                .orElse(null)
                        : null,
                allows);
    }

    /** What was cut off is not known: an origin with more in it is not helped by being allowed. */
    private static Optional<String> allowed(KeyRefusalsSql.Group group) {
        if (group.value().contains(Refusals.FURTHER)) {
            return Optional.empty();
        }
        return switch (group.code()) {
            case WEBSITE_NOT_ALLOWED -> RestrictionsForm.website(group.value());
            case NETWORK_NOT_ALLOWED -> RestrictionsForm.network(group.value());
            default -> Optional.empty();
        };
    }

    /** Seven days up to now, also where nothing was refused: a gap would look like a line. */
    private static List<Point> hours(List<KeyRefusalsSql.Hour> hours, long now) {
        TreeMap<Long, Point> points = new TreeMap<>();
        long last = now - Math.floorMod(now, HOUR);
        for (long at = last - 7 * 24 * HOUR + HOUR; at <= last; at += HOUR) {
            points.put(at, new Point(at, 0, 0));
        }
        return counted(points, hours, at -> at - Math.floorMod(at, HOUR));
    }

    /** Seven days of this zone up to today; an hour that two of them share is counted to the day in which it begins. */
    private static List<Point> days(List<KeyRefusalsSql.Hour> hours, long now, ZoneId zone) {
        TreeMap<Long, Point> points = new TreeMap<>();
        LocalDate today = day(now, zone);
        for (int back = 6; back >= 0; back--) {
            long at = begins(today.minusDays(back));
            points.put(at, new Point(at, 0, 0));
        }
        return counted(points, hours, at -> begins(day(at, zone)));
    }

    private static LocalDate day(long micros, ZoneId zone) {
        return LocalDate.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), zone);
    }

    /** A day as a number, whichever zone it is a day of. */
    private static long begins(LocalDate day) {
        return day.toEpochDay() * 24 * HOUR;
    }

    private static List<Point> counted(
            SortedMap<Long, Point> points, List<KeyRefusalsSql.Hour> hours, LongUnaryOperator place) {
        for (KeyRefusalsSql.Hour hour : hours) {
            points.computeIfPresent(
                    Math.max(place.applyAsLong(hour.at()), points.firstKey()),
                    (start, point) ->
                            new Point(start, point.refused() + hour.count(), point.observed() + hour.observed()));
        }
        return new ArrayList<>(points.values());
    }
}
