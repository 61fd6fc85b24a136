package blackhole.orchestrator.tls;

import blackhole.api.host.TlsFiles;
import blackhole.api.rpc.TlsMaterial;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** Mutual TLS between two nodes of a test, as their processes do it. */
final class Handshake {
  private Handshake() {}

  /**
   * Connects.
   *
   * @param name what the client expects the server's certificate to be for
   * @return the common name that each end saw of the other, the client's first
   */
  static String between(TlsFiles server, TlsFiles client, String name) throws Exception {
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    try (TlsMaterial serving = material(server, server.certificateAuthority(), timer);
        TlsMaterial calling = material(client, client.certificateAuthority(), timer);
        SSLServerSocket listener =
            (SSLServerSocket)
                context(serving)
                    .getServerSocketFactory()
                    .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setNeedClientAuth(true);
      Future<String> accepted = timer.submit(() -> accept(listener));
      try (Socket plain = new Socket(listener.getInetAddress(), listener.getLocalPort());
          SSLSocket socket =
              (SSLSocket)
                  context(calling)
                      .getSocketFactory()
                      .createSocket(plain, name, listener.getLocalPort(), true)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        // TLS 1.3 lets the client finish before the server has looked at its certificate
        if (socket.getInputStream().read() != '!') {
          throw new AssertionError("the server closed the connection");
        }
        return accepted.get(30, TimeUnit.SECONDS) + " " + peer(socket.getSession());
      }
    } finally {
      timer.shutdownNow();
    }
  }

  private static String accept(SSLServerSocket listener) throws Exception {
    try (SSLSocket socket = (SSLSocket) listener.accept()) {
      socket.startHandshake();
      String peer = peer(socket.getSession());
      socket.getOutputStream().write('!');
      return peer;
    }
  }

  private static String peer(SSLSession session) throws Exception {
    return session.getPeerPrincipal().getName();
  }

  private static TlsMaterial material(
      TlsFiles files, Path authority, ScheduledExecutorService timer) throws Exception {
    return TlsMaterial.open(files, authority, Duration.ofMinutes(1), timer);
  }

  private static SSLContext context(TlsMaterial material) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {material.keyManager()},
        new TrustManager[] {material.trustManager()},
        null);
    return context;
  }
}
