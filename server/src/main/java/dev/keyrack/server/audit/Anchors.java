package dev.keyrack.server.audit;

import dev.keyrack.server.store.AuditSigner;
import dev.keyrack.server.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down, outside the database, how far each trail reaches.
 *
 * <p>Guarantee: what an anchor says was in the database, committed, before it was signed.
 */
public final class Anchors {
    private static final Logger LOG = LoggerFactory.getLogger(Anchors.class);

    private final Store store;
    private final AuditSigner signer;
    private final AnchorFile file;
    private final ChainSql sql = new ChainSql();

    /** The last anchor of each organization in the file; nothing before the file was read. */
    private @Nullable Map<String, Anchor> written;

    private @Nullable String lastSignature;

    /** @param file where they are appended; made when there is something to write */
    public Anchors(Store store, AuditSigner signer, Path file) {
        this.store = store;
        this.signer = signer;
        this.file = new AnchorFile(file);
    }

    AnchorFile file() {
        return file;
    }

    /** How far trails reach now, each signed alone: of the organizations after this one, or of the only one that is asked for. */
    List<Anchor> sign(String after, Optional<String> only, int limit) {
        return store.read(tx -> sql.heads(tx, after, only, limit)).stream()
                .map(head -> Anchor.sign(signer, store.now(), head, null))
                .toList();
    }

    /** Appends an anchor for each organization whose trail has grown. A failure is told and left to the next call. */
    public synchronized void write() {
        try {
            Map<String, Anchor> known = known();
            List<Anchor> grown = new ArrayList<>();
            String previous = lastSignature;
            for (ChainSql.Head head : store.read(sql::heads)) {
                Anchor last = known.get(head.organizationId());
                if (last != null && last.count() == head.seq() && last.mac().equals(head.mac())) {
                    continue;
                }
                if (last != null && last.count() >= head.seq()) {
                    LOG.error(
                            "the audit trail of {} does not reach its anchor of {}: run ./keyrack audit verify",
                            head.organizationId(),
                            last.at());
                }
                Anchor anchor = Anchor.sign(signer, store.now(), head, previous);
                previous = anchor.signature();
                grown.add(anchor);
            }
            if (!grown.isEmpty()) {
                file.append(grown);
                grown.forEach(anchor -> known.put(anchor.organizationId(), anchor));
                lastSignature = previous;
            }
        } catch (IOException e) {
            written = null;
            LOG.warn("the anchors of the audit trail cannot be written to {}: {}", file.path(), e.toString());
        }
    }

    private Map<String, Anchor> known() throws IOException {
        Map<String, Anchor> known = written;
        if (known == null) {
            known = new HashMap<>();
            lastSignature = null;
            try (AnchorLines lines = file.lines(file.size())) {
                for (String line = lines.next(); line != null; line = lines.next()) {
                    Anchor anchor = Anchor.parse(line).orElse(null);
                    lastSignature = anchor == null ? null : anchor.signature();
                    if (anchor != null) {
                        known.put(anchor.organizationId(), anchor);
                    }
                }
            }
            known.values().removeIf(anchor -> !anchor.signedBy(signer));
            written = known;
        }
        return known;
    }
}
