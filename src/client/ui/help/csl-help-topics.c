/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-help-topics.c: the text of the help. Say what to do, in the words that are on the screen. */
#define G_LOG_DOMAIN "csl-help-topics"

#include "config.h"

#include "client/ui/help/csl-help-topics.h"

#include <glib/gi18n.h>

/* clang-format off */
static const CslHelpTopic topics[] = {
  { .id = "note", .page = "CslNotePage", .see = "drafts",
    .title = N_("Write a Note"),
    .intro = N_("A note belongs to a client, and to a case when you write it from one."),
    .steps = {
      N_("Open the client or the case and press Ctrl+N. Without a client in front, Caseload asks whose note it is."),
      N_("Choose a template if one fits, and write. Every word is saved on this computer as you type; the line below the text says so."),
      N_("Press Finish, or Ctrl+Enter, when the note is done. It is then part of the record and cannot be changed, only corrected by a further note."),
      N_("Leave the page whenever you like. What is not finished waits under Drafts."),
    } },
  { .id = "visit", .page = "CslVisitPage", .see = "offline",
    .title = N_("Make a Home Visit"),
    .intro = N_("The visit page has all you need at the door, and works without a network."),
    .steps = {
      N_("On Today, look at the safety notes below the appointment, then press Start Visit."),
      N_("Check in when you arrive. The time is kept with the visit."),
      N_("Tick what you have dealt with and write your note beside it."),
      N_("Check out when you leave. If you forget, Caseload asks you once, later."),
    } },
  { .id = "unsent", .page = "CslUnsentPage", .see = "sealed-copy",
    .title = N_("What Is Unsent, and Why"),
    .intro = N_("Everything you save is first kept on this computer and then sent. The sentence at the top right always says where things stand."),
    .steps = {
      N_("Press that sentence, or Ctrl+6, to see each change that is not on the server yet."),
      N_("Waiting to be sent: nothing is wrong. It goes with the next connection."),
      N_("Waits for another change: one that was saved before it has to be settled first."),
      N_("Two versions, or Refused: you are needed. Press the button on the line."),
      N_("With a manager for review: you no longer have access, and a manager decides what becomes of your text. You read the decision here."),
      N_("Press Sync Now, or Ctrl+R, to try at once."),
    } },
  { .id = "sealed-copy", .see = "refused",
    .title = N_("Take Unsent Work With You"),
    .intro = N_("When this computer cannot send, a sealed copy carries your changes and drafts to another one. Only your passphrase opens it."),
    .steps = {
      N_("Open Unsent with Ctrl+6 and press Save a Sealed Copy. Choose a passphrase of a few words and type it twice."),
      N_("Choose a place, such as a stick. Caseload reads the file again and says what is in it. Your work stays on this computer, too."),
      N_("Keep the passphrase apart from the file."),
      N_("On another computer sign in as yourself, open Unsent and press Take In a Sealed Copy. What was sent already is not sent twice, and drafts are under Drafts. Your administrator can take in the changes, too."),
      N_("A copy that is damaged is refused as a whole, and nothing changes. Copy the file once more from where it was saved."),
      N_("If the passphrase is lost, nobody can open the copy, your administrator neither. Save another copy from the computer that has the work; sign out there only afterwards."),
    } },
  { .id = "differences", .page = "CslDifferencePage", .see = "unsent",
    .title = N_("When Two Versions Differ"),
    .intro = N_("Somebody else changed the same thing while you were writing. Nothing is lost: both versions stay in the history."),
    .steps = {
      N_("Open Differences with Ctrl+7. Each line names the client and what differs."),
      N_("Compare what was there before, what the other person wrote, and what you wrote."),
      N_("Keep one of the two, or write another."),
      N_("Press Apply, or Ctrl+Enter. With Escape you leave it for later."),
    } },
  { .id = "stranded", .page = "CslStrandedPage", .see = "differences",
    .title = N_("Work to Take Over"),
    .intro = N_("Somebody wrote for a file without a network, and lost access to it before it could be sent. A manager decides whether it belongs into the file."),
    .steps = {
      N_("Open Take Over in the sidebar. Each line names who wrote it, whom it is about, and what was written."),
      N_("Compare what was written with what is in the file now."),
      N_("Press Take Over, or Ctrl+Enter: it goes into the file under the name of who wrote it, and the history names you too. Where somebody else changed the same thing, you find both versions under Differences."),
      N_("Press Decline and say why. Nothing goes into the file, the text stays readable here, and who wrote it reads your words."),
      N_("Deciding works without a network, too. When two managers decide, the first decision stays."),
    } },
  { .id = "refused", .see = "differences",
    .title = N_("When a Change Was Refused"),
    .intro = N_("The server may refuse a change, for example because the case was closed in the meantime. Your text stays on this computer."),
    .steps = {
      N_("Open Unsent with Ctrl+6 and read the reason on the line."),
      N_("Press Fix to open the form, correct what is named and save again."),
      N_("If it cannot be mended, copy the text from the menu of the line first, then choose Give Up."),
    } },
  { .id = "offline", .see = "unsent",
    .title = N_("Work Without a Network"),
    .intro = N_("Your whole caseload is on this computer. Without a network you read, search and write as always."),
    .steps = {
      N_("Before you leave, press Take Along below your next appointment: Caseload fetches what is new and says what you have with you."),
      N_("Choose Work Offline in the main menu if you want nothing to be sent for now."),
      N_("Back in reach of the network everything is sent by itself, in the order you saved it."),
    } },
  { .id = "search", .page = "CslSearchPage", .see = "one-client",
    .title = N_("Find a Client, a Case or a Note"),
    .intro = N_("One search finds people, cases, notes and commands on this computer."),
    .steps = {
      N_("Press Ctrl+K and type part of a name, of a phone number or of a reference, or words from a note."),
      N_("Move with the arrow keys and press Enter. Escape goes back."),
      N_("Type what you want to do, for example “new note” or “sync”, to run a command."),
      N_("To search only the list in front of you, press Ctrl+F."),
    } },
  { .id = "new-client", .page = "CslIntakePage", .see = "note",
    .title = N_("Register a New Client"),
    .intro = N_("The shortest way to a new person and their first case."),
    .steps = {
      N_("Press Ctrl+Shift+N and write the name and how to reach them."),
      N_("If Caseload shows somebody who may be the same person, open them first, or say that this is a different person."),
      N_("Save with Ctrl+S. The client can be worked with at once, also without a network."),
    } },
  { .id = "one-client", .see = "search",
    .title = N_("Work With One Client for a While"),
    .intro = N_("Choose a client once, and lists, calendar and new notes are about them."),
    .steps = {
      N_("Press Ctrl+J and choose the client. A bar below the header names them."),
      N_("Go to cases, tasks or the calendar: only what is about this client is listed."),
      N_("Press the cross at the end of the bar when you are done."),
    } },
  { .id = "drafts", .page = "CslDraftsPage", .see = "note",
    .title = N_("Go On With Something Unfinished"),
    .intro = N_("Whatever you began and did not finish is kept, also when the battery dies."),
    .steps = {
      N_("Open Drafts with Ctrl+8."),
      N_("Choose the line and go on writing where you stopped."),
      N_("Drafts are on this computer only. Finish them to share them; a sealed copy takes them to another computer."),
    } },
  { .id = "undo", .see = "unsent",
    .title = N_("Take Something Back"),
    .intro = N_("Most of what you do can be undone."),
    .steps = {
      N_("Press Undo in the message at the bottom of the window, or Ctrl+Z; it works also after the message has gone."),
      N_("While you write, Ctrl+Z takes back what was typed last."),
      N_("Earlier values are in the history of each record, in its menu."),
    } },
  { .id = "protected", .page = "CslClientPage", .see = "lost",
    .title = N_("Protected Addresses and Safety Notes"),
    .intro = N_("Some people must not be found. Their address is hidden, and safety notes stand at the top of their page."),
    .steps = {
      N_("To see a protected address, press Show and say why you need it. The reason is kept."),
      N_("Do not copy it into notes: everybody who may read the note would see it."),
      N_("Read the safety notes before a visit. They are below the appointment on Today, too."),
    } },
  { .id = "lost", .see = "account",
    .title = N_("If the Laptop Is Lost"),
    .intro = N_("The records on it are encrypted. Still, act at once."),
    .steps = {
      N_("Tell your administrator. They report the computer as lost and end its access to the server."),
      N_("Change your password from another computer, or have it changed."),
      N_("What you had not sent was only on that laptop. Write down what you remember while it is fresh."),
      N_("Sign in on another computer: all that was sent is there."),
    } },
  { .id = "account", .see = "lost",
    .title = N_("Sign In, and Switch Worker"),
    .intro = N_("Several people can use one computer. Each has an encrypted caseload of their own."),
    .steps = {
      N_("The first time, enter the address of your organisation’s server, your user name and your password. This needs a network."),
      N_("From then on Caseload opens without a network."),
      N_("To let somebody else work, choose Switch Worker in the main menu. Nothing is lost by it."),
    } },
  { .id = "start-again", .see = "sealed-copy",
    .title = N_("If Your Records Do Not Open"),
    .intro = N_("A damaged file, a lost key or a forgotten PIN: nothing is deleted, and you can go on working."),
    .steps = {
      N_("Read what the page says, and press Try Again once it is put right, for example when the keyring is back."),
      N_("Press Start Again. Caseload says whether unsent work can still be read, and where the old records are kept."),
      N_("If it can be read, save it as a sealed copy first."),
      N_("Sign in with the network and your password: your records come from the server."),
      N_("Open Unsent and take in the sealed copy."),
    } },
  { .id = "keys", .see = "search",
    .title = N_("Work With the Keyboard"),
    .intro = N_("Everything can be done without a mouse."),
    .steps = {
      N_("Press Ctrl+? for all keys."),
      N_("Go to the places of the sidebar with Ctrl and a digit."),
      N_("Move with Tab, choose in lists with the arrows, open with Enter."),
      N_("Go back with Alt+Left, or leave a page with Escape: what you wrote is kept."),
    } },
};
/* clang-format on */

const CslHelpTopic *
csl_help_topics_list (guint *ret_n_topics)
{
  *ret_n_topics = G_N_ELEMENTS (topics);
  return topics;
}

const CslHelpTopic *
csl_help_topics_lookup (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (g_strcmp0 (topics[i].id, id) == 0)
      return &topics[i];
  return NULL;
}

const CslHelpTopic *
csl_help_topics_lookup_page (const char *type_name)
{
  for (guint i = 0; i < G_N_ELEMENTS (topics); i++)
    if (topics[i].page != NULL && g_strcmp0 (topics[i].page, type_name) == 0)
      return &topics[i];
  return NULL;
}
