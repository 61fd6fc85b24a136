@NullMarked
package blackhole.host;

import org.jspecify.annotations.NullMarked;
