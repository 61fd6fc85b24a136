package blackhole.api.rpc;

import java.io.Reader;
import java.util.List;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Calls methods whose messages nobody here was compiled with: their types come from the service's
 * server reflection, and messages go in and out as JSON, as the proto3 JSON mapping has it. Both
 * methods block, and end what they do when their thread is interrupted. Thread-safe.
 */
@ProviderType
public interface MethodCaller {
  /**
   * The methods of a service, its own before those that every service has.
   *
   * @throws MethodCallException when it cannot be asked
   */
  List<MethodSummary> methods(String service) throws MethodCallException, InterruptedException;

  /**
   * Calls one method.
   *
   * @param requests JSON documents, one after the other, each of them a message. Nothing at all is
   *     one empty message, or none where the client streams. A client's stream is read as the
   *     service takes it, on a thread of its own, and left alone when the call is over
   * @param answers takes each answer as it comes, on the caller's thread; false when nobody wants
   *     more, which ends the call
   * @throws MethodCallException when it could not be called, or answered with anything but OK
   */
  void call(MethodCall call, Reader requests, Predicate<String> answers)
      throws MethodCallException, InterruptedException;
}
