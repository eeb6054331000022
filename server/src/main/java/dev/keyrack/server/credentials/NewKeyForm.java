package dev.keyrack.server.credentials;

import dev.keyrack.server.http.FormBody;
import dev.keyrack.server.http.Times;
import dev.keyrack.server.portal.Form;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The form that makes a key, turned into the object that the API reads. */
public final class NewKeyForm {
    private static final List<Integer> DAYS = List.of(30, 90, 365);

    /** Whether conversations with a web key go on across pages: a box that is ticked at first. */
    static final String CROSS_PAGE = "crossPage";

    /** Beside that box, since one that is not ticked sends nothing. */
    static final String CROSS_PAGE_ASKED = "crossPage-asked";

    private NewKeyForm() {}

    /**
     * A choice of when the key expires.
     *
     * @param date its last day (UTC); empty for never
     * @param days how many days that is from now; 0 where that is not what was chosen
     */
    public record Expiry(String date, int days) {}

    /** What is offered today, and what was chosen in a form of some other day. */
    static List<Expiry> expiries(Form form, long now) {
        LocalDate today = LocalDate.ofInstant(Instant.EPOCH.plus(now, ChronoUnit.MICROS), ZoneOffset.UTC);
        List<Expiry> all = new ArrayList<>(List.of(new Expiry("", 0)));
        DAYS.forEach(days -> all.add(new Expiry(today.plusDays(days).toString(), days)));
        String chosen = form.value("expires");
        if (!chosen.isEmpty()
                && !chosen.equals("date")
                && all.stream().noneMatch(e -> e.date().equals(chosen))) {
            all.add(new Expiry(chosen, 0));
        }
        return all;
    }

    /**
     * The object, still without its project.
     *
     * @param form the same fields
     */
    static FormBody body(FormBody body, Form form) {
        body.text("name").textIfTyped("type");
        restrictions(body, form);
        if (form.ticked("local")) {
            body.object("localDevelopment")
                    .textIfTyped("localDevelopment.website")
                    .textIfTyped("localDevelopment.address")
                    .number("localDevelopment.hours");
        }
        lastMoment(form).filter(Times::isText).ifPresent(end -> body.put("expiresAt", end));
        if (body.typed("metadata")) {
            body.entries("metadata", Set.of());
        }
        if (form.value("grant").equals("these")) {
            body.list("permissions");
        }
        return body;
    }

    /** Whether an end is wanted, and what was chosen is no day. */
    static boolean lacksDay(Form form) {
        return lastMoment(form).filter(end -> !Times.isText(end)).isPresent();
    }

    /** The end of the last day: a script tells when that is in the reader's zone. Nothing where the key never expires. */
    private static Optional<String> lastMoment(Form form) {
        String chosen = form.value("expires");
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        String day = chosen.equals("date") ? form.value("expiresOn") : chosen;
        String ownZone = form.value("expiresEnd");
        return Optional.of(ownZone.isEmpty() || day.isEmpty() ? day + "T23:59:59Z" : ownZone + "Z");
    }

    private static void restrictions(FormBody body, Form form) {
        if (form.has("limit", "websites")) {
            body.list("restrictions.websites").bool("restrictions.anyWebsite");
        }
        if (form.has("limit", "networks")) {
            body.list("restrictions.networks").bool("restrictions.allowWide");
        }
        if (form.has("limit", "apps")) {
            body.objects("restrictions.apps", "platform", "id", "certificateSha256");
        }
        if (form.ticked("restrictions.observe")) {
            body.list("restrictions.observe");
        }
    }
}
