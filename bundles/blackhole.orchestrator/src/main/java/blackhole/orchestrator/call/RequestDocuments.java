package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import blackhole.orchestrator.call.JsonDocuments.Document;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** What there is to send, read as it is wanted. Not thread-safe. */
final class RequestDocuments {
  private final JsonDocuments documents;
  private final JsonMessages messages;
  private final Descriptor type;

  RequestDocuments(JsonDocuments documents, JsonMessages messages, Descriptor type) {
    this.documents = documents;
    this.messages = messages;
    this.type = type;
  }

  /** The only one; an empty message when there is none. */
  DynamicMessage only() throws MethodCallException, InterruptedException {
    DynamicMessage first = next();
    if (first == null) {
      return DynamicMessage.getDefaultInstance(type);
    }
    Document second = read();
    if (second != null) {
      throw new MethodCallException(
          "the method takes one message, and another begins at line "
              + second.line()
              + ", column "
              + second.column());
    }
    return first;
  }

  /** The next one, or null after the last. */
  @Nullable DynamicMessage next() throws MethodCallException, InterruptedException {
    Document document = read();
    return document == null ? null : messages.parse(document, type);
  }

  private @Nullable Document read() throws MethodCallException, InterruptedException {
    try {
      return documents.next();
    } catch (InterruptedIOException e) {
      throw new InterruptedException();
    } catch (IOException e) {
      throw new MethodCallException("cannot read the input: " + e.getMessage());
    }
  }
}
