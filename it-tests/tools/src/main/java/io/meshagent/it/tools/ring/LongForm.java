package io.meshagent.it.tools.ring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * A test, or all of a class, that runs in the third ring only: {@code -Pthorough -Plong}. It may
 * take half a day, where others fail after what {@code junit-platform.properties} says.
 */
@Tag("long")
@Timeout(value = 12, unit = TimeUnit.HOURS)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface LongForm {}
