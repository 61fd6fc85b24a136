@NullMarked
package blackhole.process;

import org.jspecify.annotations.NullMarked;
