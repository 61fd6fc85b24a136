package blackhole.host;

import blackhole.control.v1.Draining;
import blackhole.control.v1.HostMessage;
import blackhole.control.v1.Progress;
import blackhole.control.v1.Ready;
import blackhole.control.v1.StartFailed;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this host has to say of itself at the moment: all that an orchestrator needs which hears of
 * it for the first time. Used in one serial context.
 */
final class Announcements {
  private @Nullable HostMessage progress;
  private @Nullable HostMessage ready;
  private @Nullable HostMessage startFailed;
  private @Nullable HostMessage draining;

  HostMessage progress(String step) {
    progress = message().setProgress(Progress.newBuilder().setStep(step)).build();
    return progress;
  }

  HostMessage ready(Ready said) {
    progress = null;
    ready = message().setReady(said).build();
    return ready;
  }

  HostMessage startFailed(String reason) {
    progress = null;
    startFailed = message().setStartFailed(StartFailed.newBuilder().setReason(reason)).build();
    return startFailed;
  }

  HostMessage draining(String reason) {
    draining = message().setDraining(Draining.newBuilder().setReason(reason)).build();
    return draining;
  }

  boolean isReady() {
    return ready != null;
  }

  boolean hasFailed() {
    return startFailed != null;
  }

  /** In the order in which it happened. */
  List<HostMessage> all() {
    List<HostMessage> all = new ArrayList<>();
    for (@Nullable HostMessage message :
        new @Nullable HostMessage[] {progress, ready, startFailed, draining}) {
      if (message != null) {
        all.add(message);
      }
    }
    return all;
  }

  private static HostMessage.Builder message() {
    return HostMessage.newBuilder();
  }
}
