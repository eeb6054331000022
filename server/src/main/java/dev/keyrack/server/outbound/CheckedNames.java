package dev.keyrack.server.outbound;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Finds the addresses of a host, and refuses the host if one of them must not be called.
 *
 * <p>Guarantee: the connection goes to the very addresses that were checked. The name is not asked for again, so that an
 * answer that changes in between (DNS rebinding) leads nowhere.
 */
final class CheckedNames implements DnsResolver, AutoCloseable {
    /** How many addresses of a host are tried: each may take the whole time for a connection. */
    private static final int TRIED = 4;

    /** Platform threads, and few: a look-up cannot be interrupted, and would hold up virtual threads of others. */
    private static final int THREADS = 16;

    private final AddressGuard guard;
    private final Names names;
    private final Duration patience;
    private final ThreadPoolExecutor lookups;

    /** What a name stands for: the system's resolver, but for tests. */
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    CheckedNames(AddressGuard guard, Names names, Duration patience) {
        this.guard = guard;
        this.names = names;
        this.patience = patience;
        this.lookups = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1_000),
                Thread.ofPlatform().daemon().name("keyrack-names-", 0).factory());
        lookups.allowCoreThreadTimeOut(true);
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        InetAddress[] found = lookUp(host);
        if (found.length == 0) {
            throw new UnknownHostException("the name has no address");
        }
        for (InetAddress address : found) {
            if (!guard.allows(address, port)) {
                throw new AddressRefused();
            }
        }
        return Stream.of(found)
                .limit(TRIED)
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** Whether an address may be called depends on the port. */
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        throw new UnknownHostException("the port is not known");
    }

    private InetAddress[] lookUp(String host) throws UnknownHostException {
        Future<InetAddress[]> answer;
        try {
            answer = lookups.submit(() -> names.of(host));
        } catch (RejectedExecutionException e) {
            throw new UnknownHostException("too many names are being looked up");
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new UnknownHostException("the name was not answered for in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException("the look-up was interrupted");
        } catch (ExecutionException e) {
            throw new UnknownHostException("the name has no address");
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
