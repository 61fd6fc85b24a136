@NullMarked
package blackhole.boot;

import org.jspecify.annotations.NullMarked;
