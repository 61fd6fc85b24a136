package blackhole.endpoint.socket;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.nio.file.attribute.UserPrincipal;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/**
 * Admits peers that run as the same user, by what the kernel says of them: not even root's, which
 * has the means to become the user if it wants to.
 */
public final class SameUser implements PeerAdmission {
  private static final System.Logger LOG = System.getLogger(SameUser.class.getName());

  /** A stranger that knocks all the time must not fill the log. */
  private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

  private long lastLoggedNanos = System.nanoTime() - LOG_INTERVAL_NANOS;

  @Override
  public boolean admits(SocketChannel peer, UserPrincipal owner) throws IOException {
    UserPrincipal user = peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    if (user.equals(owner)) {
      return true;
    }
    logRefusal(user, owner);
    return false;
  }

  private synchronized void logRefusal(UserPrincipal user, UserPrincipal owner) {
    long now = System.nanoTime();
    if (now - lastLoggedNanos >= LOG_INTERVAL_NANOS) {
      lastLoggedNanos = now;
      LOG.log(
          Level.WARNING,
          "refused a connection of user {0}: this socket is for {1} alone",
          user.getName(),
          owner.getName());
    }
  }
}
