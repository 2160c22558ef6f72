/**
 * What the tests of every module need beside Java: where things are, and programs that are found or
 * fetched. Imports the JDK only.
 */
package io.meshagent.it.tools;
