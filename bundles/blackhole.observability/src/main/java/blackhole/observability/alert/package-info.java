/** Who else is told of the node's alerts. */
@NullMarked
package blackhole.observability.alert;

import org.jspecify.annotations.NullMarked;
