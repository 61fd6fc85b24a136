package blackhole.grpc;

import io.grpc.Attributes;
import io.grpc.Compressor;
import io.grpc.Deadline;
import io.grpc.DecompressorRegistry;
import io.grpc.Status;
import io.grpc.internal.ClientStream;
import io.grpc.internal.ClientStreamListener;
import io.grpc.internal.InsightBuilder;
import java.io.InputStream;

/** One attempt of a call, as it is but for its listener. */
final class WholeStream implements ClientStream {
  private final ClientStream stream;
  private final HeldAnswer answer;

  WholeStream(ClientStream stream, HeldAnswer answer) {
    this.stream = stream;
    this.answer = answer;
  }

  @Override
  public void start(ClientStreamListener listener) {
    stream.start(answer.heldFrom(listener));
  }

  @Override
  public void cancel(Status reason) {
    stream.cancel(reason);
  }

  @Override
  public void halfClose() {
    stream.halfClose();
  }

  @Override
  public void request(int messages) {
    stream.request(messages);
  }

  @Override
  public void writeMessage(InputStream message) {
    stream.writeMessage(message);
  }

  @Override
  public void flush() {
    stream.flush();
  }

  @Override
  public boolean isReady() {
    return stream.isReady();
  }

  @Override
  public void optimizeForDirectExecutor() {
    stream.optimizeForDirectExecutor();
  }

  @Override
  public void setCompressor(Compressor compressor) {
    stream.setCompressor(compressor);
  }

  @Override
  public void setMessageCompression(boolean enable) {
    stream.setMessageCompression(enable);
  }

  @Override
  public void setAuthority(String authority) {
    stream.setAuthority(authority);
  }

  @Override
  public void setFullStreamDecompression(boolean enable) {
    stream.setFullStreamDecompression(enable);
  }

  @Override
  public void setDecompressorRegistry(DecompressorRegistry registry) {
    stream.setDecompressorRegistry(registry);
  }

  @Override
  public void setMaxInboundMessageSize(int bytes) {
    stream.setMaxInboundMessageSize(bytes);
  }

  @Override
  public void setMaxOutboundMessageSize(int bytes) {
    stream.setMaxOutboundMessageSize(bytes);
  }

  @Override
  public void setDeadline(Deadline deadline) {
    stream.setDeadline(deadline);
  }

  @Override
  public Attributes getAttributes() {
    return stream.getAttributes();
  }

  @Override
  public void appendTimeoutInsight(InsightBuilder insight) {
    stream.appendTimeoutInsight(insight);
  }

  @Override
  public String toString() {
    return stream.toString();
  }
}
