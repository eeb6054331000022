package dev.keyrack.server.outbound;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.MessageConstraintException;

/** Why a call failed, by what its client throws. */
final class Failures {
    private Failures() {}

    static CallFailed.Reason reason(IOException thrown) {
        return switch (thrown) {
            case AddressRefused e -> CallFailed.Reason.ADDRESS_REFUSED;
            case UnknownHostException e -> CallFailed.Reason.NAME_UNKNOWN;
            case ConnectTimeoutException e -> CallFailed.Reason.UNREACHABLE;
            case ConnectException e -> CallFailed.Reason.UNREACHABLE;
            case NoRouteToHostException e -> CallFailed.Reason.UNREACHABLE;
            case SSLException e -> CallFailed.Reason.TLS;
            case SocketTimeoutException e -> CallFailed.Reason.TIMED_OUT;
            case InterruptedIOException e -> CallFailed.Reason.TIMED_OUT;
            case OutboundAnswer.TooLarge e -> CallFailed.Reason.TOO_LARGE;
            case ClientProtocolException e -> CallFailed.Reason.NOT_HTTP;
            case MessageConstraintException e -> CallFailed.Reason.NOT_HTTP;
            default -> CallFailed.Reason.BROKEN_OFF;
        };
    }
}
