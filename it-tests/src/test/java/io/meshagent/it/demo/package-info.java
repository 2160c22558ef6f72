/** The first of the README's two commands: the main job, shown in half a minute. */
package io.meshagent.it.demo;
