/** Events: published into the log, and from there to subscribers, each at its own pace. */
@NullMarked
package blackhole.events.stream;

import org.jspecify.annotations.NullMarked;
