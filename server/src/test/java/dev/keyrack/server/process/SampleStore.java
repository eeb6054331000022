package dev.keyrack.server.process;

import java.nio.file.Path;
import java.util.Map;

/**
 * A store with an organization, a project and two keys, made by the program and stopped cleanly: for tests to copy.
 *
 * @param token of the owner; {@code web} and {@code server} those of the two keys
 */
record SampleStore(Path data, String token, String projectId, String web, String server) {
    static SampleStore make(Path folder) throws Exception {
        Program program = Program.in(folder);
        try (KeyrackProcess process = program.serve()) {
            String token = setUp(process);
            Api api = process.control().as(token);
            String project = project(api);
            SampleStore made = new SampleStore(
                    program.data(), token, project, key(api, project, "web"), key(api, project, "server"));
            process.stop();
            return made;
        }
    }

    /** The owner's token. */
    static String setUp(KeyrackProcess process) throws Exception {
        return created(process.operator()
                        .post(
                                "/api/v1/setup",
                                Map.of("name", "Acme", "subdomain", "acme", "ownerEmail", "owner@example.com")))
                .text("/token");
    }

    static String project(Api api) throws Exception {
        return created(api.post("/api/v1/projects", Map.of("name", "Shop"))).text("/project/id");
    }

    static String key(Api api, String project, String type) throws Exception {
        return created(api.post("/api/v1/keys", Map.of("name", "Sample " + type, "type", type, "projectId", project)))
                .text("/token");
    }

    private static Api.Answer created(Api.Answer answer) {
        if (answer.status() != 201) {
            throw new AssertionError("not created: " + answer);
        }
        return answer;
    }

    /** Puts a copy into the data folder of a program. */
    void copyTo(Program program) throws Exception {
        Folder.copy(data, program.data());
    }
}
