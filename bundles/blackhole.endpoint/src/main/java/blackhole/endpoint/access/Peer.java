package blackhole.endpoint.access;

import blackhole.api.service.Caller;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The other end of a connection: found out once, when the connection is made, and then among the
 * attributes of each of its calls.
 *
 * @param caller what the connection alone proves
 * @param mayShowCallToken whether a call can prove to come from a host of this node: tokens are for
 *     Unix sockets, where nobody listens in
 */
record Peer(Caller caller, boolean mayShowCallToken) {
  private static final Attributes.Key<Peer> KEY = Attributes.Key.create("blackhole-peer");

  private static final Peer SAME_USER = new Peer(Caller.LOCAL_PROCESS, true);
  private static final Peer SAME_MACHINE = new Peer(Caller.LOCAL_PROCESS, false);

  static Peer of(ServerCall<?, ?> call) {
    Peer peer = call.getAttributes().get(KEY);
    return peer == null ? SAME_MACHINE : peer;
  }

  /** For a Unix socket, which lets in processes of the same user only. */
  static ServerTransportFilter unixFilter() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder().set(KEY, SAME_USER).build();
      }
    };
  }

  /** For TCP: nodes with a certificate, or in plaintext whoever is on this machine. */
  static ServerTransportFilter tcpFilter() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        Peer peer =
            session == null
                ? SAME_MACHINE
                : new Peer(
                    new Caller(Caller.Kind.NODE, CertificateName.ofPeer(session), Optional.empty()),
                    false);
        return attributes.toBuilder().set(KEY, peer).build();
      }
    };
  }
}
