package dev.keyrack.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.ResponseEntity;

/** Shows a problem to people. */
public interface ProblemPage {
    /** The page; nothing for a request that no browser made to be looked at. */
    Optional<ResponseEntity<?>> of(Problem problem, ProblemBody body, HttpServletRequest request);
}
