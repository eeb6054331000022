package dev.keyrack.server.accounts;

import dev.keyrack.server.mail.Mail;
import dev.keyrack.server.store.Actor;
import dev.keyrack.server.store.Cause;
import dev.keyrack.server.store.Store;
import dev.keyrack.server.store.StoreFailure;
import dev.keyrack.server.texts.Texts;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends links for new passwords to whoever asks.
 *
 * <p>Guarantees: {@link #ask} does the same, and takes as long, for every address, whether or not it is a member's: all else
 * comes later, on a thread of its own. However often it is asked for, an address gets mail at most
 * {@value SignInFailures#MAILS} times in an hour, and what waits to be sent is bounded.
 */
public final class ForgottenPasswords implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ForgottenPasswords.class);
    private static final int WAITING = 100;

    private final Store store;
    private final Recovery recovery;
    private final SignInFailures counts;
    private final Mail mail;
    private final Supplier<String> base;
    private final SessionSql sql = new SessionSql();
    private final ThreadPoolExecutor sender = new ThreadPoolExecutor(
            0,
            1,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofPlatform().name("forgotten-passwords").daemon().factory());

    /** @param base the address by which people reach the control plane, without a slash at its end */
    public ForgottenPasswords(Store store, Recovery recovery, SignInFailures counts, Mail mail, Supplier<String> base) {
        this.store = store;
        this.recovery = recovery;
        this.counts = counts;
        this.mail = mail;
        this.base = base;
    }

    /** Whether there is a way to send anything. */
    boolean sends() {
        return mail.isSet();
    }

    /** What whoever asks is told, whoever they are. */
    String answer() {
        return mail.isSet()
                ? "If this is a member's address, a mail with a link is on its way to it. The link works once, for an hour."
                : "This installation sends no mail. Ask an Owner or Admin of your organization for a link; for an Owner,"
                        + " the operator makes one with ./keyrack setup --reset-owner EMAIL.";
    }

    /**
     * Sends a link for each membership of this address, some time soon.
     *
     * @param texts in the language of whoever asks
     */
    void ask(String email, Texts texts, @Nullable String address, String requestId) {
        if (!mail.isSet()) {
            return;
        }
        try {
            sender.execute(() -> send(email, texts, new Cause(Actor.SYSTEM, address, requestId)));
        } catch (RejectedExecutionException e) {
            LOG.warn("too many people ask for new passwords at once: one was left without a mail");
        }
    }

    private void send(String email, Texts texts, Cause cause) {
        try {
            List<SessionSql.Membership> all = store.read(tx -> sql.memberships(tx, email));
            if (all.isEmpty() || !counts.mayMail(cause, email)) {
                return;
            }
            for (SessionSql.Membership membership : all) {
                if (!membership.organization().suspended()) {
                    Member member = membership.member();
                    Recovery.Offered offered = recovery.offerByMail(cause, member);
                    Mails.Text text = Mails.forgotten(
                            texts,
                            membership.organization().name(),
                            offered.code().link(base.get(), "recover"));
                    mail.send(member.email(), text.subject(), text.body());
                }
            }
        } catch (StoreFailure e) {
            LOG.warn("a link for a new password could not be made: {}", e.getMessage());
        }
    }

    /** What is being sent is sent; what waits is not. */
    @Override
    public void close() {
        sender.getQueue().clear();
        sender.shutdown();
        try {
            if (!sender.awaitTermination(10, TimeUnit.SECONDS)) {
                LOG.warn("a mail with a link for a new password was still being sent at the end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
