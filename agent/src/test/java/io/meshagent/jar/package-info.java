/** Tests on the finished jar: its layers and the walls between them. */
package io.meshagent.jar;
