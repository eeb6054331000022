package dev.keyrack.server.audit;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A form in which events are exported. */
enum AuditExport {
    /** RFC 4180, with a first line that names the columns. */
    CSV("text/csv; charset=utf-8", "csv") {
        @Override
        void begin(PrintWriter out) {
            out.print("at,actorKind,actorId,actorName,action,targetKind,targetId,targetName,before,after,address,"
                    + "requestId\r\n");
        }

        @Override
        void write(PrintWriter out, EventBody event) {
            List<@Nullable Object> cells = new java.util.ArrayList<>();
            cells.add(event.at());
            cells.add(event.actor().kind());
            cells.add(event.actor().id());
            cells.add(event.actor().name());
            cells.add(event.action());
            cells.add(event.target().kind());
            cells.add(event.target().id());
            cells.add(event.target().name());
            cells.add(event.before());
            cells.add(event.after());
            cells.add(event.source().address());
            cells.add(event.requestId());
            out.print(cells.stream().map(AuditExport::cell).collect(Collectors.joining(",")));
            out.print("\r\n");
        }
    },

    /** One JSON object on a line, as the API gives it. */
    JSONL("application/jsonl; charset=utf-8", "jsonl") {
        @Override
        void begin(PrintWriter out) {}

        @Override
        void write(PrintWriter out, EventBody event) {
            out.print(JsonMapper.shared().writeValueAsString(event));
            out.print('\n');
        }
    };

    private final String mediaType;
    private final String ending;

    AuditExport(String mediaType, String ending) {
        this.mediaType = mediaType;
        this.ending = ending;
    }

    static AuditExport of(String name) {
        return name.equals("csv") ? CSV : JSONL;
    }

    String mediaType() {
        return mediaType;
    }

    String ending() {
        return ending;
    }

    abstract void begin(PrintWriter out);

    abstract void write(PrintWriter out, EventBody event);

    /** Quoted; and what a spreadsheet would take for a formula begins with an apostrophe. */
    private static String cell(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
