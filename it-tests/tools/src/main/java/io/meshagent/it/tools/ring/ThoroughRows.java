package io.meshagent.it.tools.ring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * Further rows of a {@link ParameterizedTest}, beside those of its {@code CsvSource} or {@code
 * ValueSource}, that run from the second ring on. Values are separated by commas and stand without
 * quotes.
 */
@ArgumentsSource(ThoroughRows.Provider.class)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface ThoroughRows {

  /** The rows. */
  String[] value();

  /** Made by JUnit. Stateless. */
  final class Provider implements ArgumentsProvider {
    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      if (!Ring.THOROUGH.runs()) {
        return Stream.empty();
      }
      return Stream.of(context.getRequiredTestMethod().getAnnotation(ThoroughRows.class).value())
          .map(row -> Arguments.of((Object[]) row.strip().split("\\s*,\\s*", -1)));
    }
  }
}
