/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-error-text.c: the one table from (domain, code) to sentences. GError messages are for logs
 * and may name files or hosts; what is shown comes from here. */
#define G_LOG_DOMAIN "csl-error-text"

#include "config.h"

#include "client/ui/text/csl-error-text.h"

#include "client/app/csl-account.h"
#include "core/base/csl-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

typedef struct
{
  GQuark (*domain) (void);
  int code;
  const char *title, *sentence, *icon_name;
} Text;

/* clang-format off */
static const Text texts[] = {
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_WRONG_PASSWORD,
    N_("That Did Not Match"),
    N_("The user name or the password is not right. Check for Caps Lock and try again."),
    "dialog-password-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_LOCKED,
    N_("Too Many Attempts"),
    N_("Signing in is locked for a while. Wait some minutes, or ask your administrator to unlock you. Everything saved on this computer is safe."),
    "changes-prevent-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_AMBIGUOUS,
    N_("Which Organisation?"),
    N_("This name and password fit in more than one organisation. Put the short name of yours before the user name, with a slash between them. Your administrator knows the short name."),
    "system-users-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_UNREACHABLE,
    N_("The Server Cannot Be Reached"),
    N_("Check the address and the network, then try again. The first sign-in on a computer needs the network; after that you can work without it."),
    "network-offline-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_CERTIFICATE,
    N_("This May Not Be Your Server"),
    N_("The server could not prove who it is, so nothing was sent to it. Check the address, and the clock and date of this computer. If your organisation uses a certificate of its own, choose its file under “More”."),
    "channel-insecure-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_SERVER,
    N_("The Server Answered Strangely"),
    N_("Something answered at that address, but not as Caseload does. A sign-in page of the network may be in the way: open a web browser, then try again. Otherwise tell your administrator."),
    "network-error-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_NO_KEYRING,
    N_("The Keyring Is Locked"),
    N_("The key to your records is kept in the password keyring of this computer, and it did not open. Unlock the keyring, then try again. Your records are untouched."),
    "channel-secure-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_KEY_MISSING,
    N_("The Key Is Missing"),
    N_("Your records are on this computer, but their key is not in the keyring. If another keyring was in use, restore it and try again. Nothing was changed. Without the key nothing in them can be read: ask your administrator, or start again with a fresh copy from the server."),
    "dialog-password-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_WRONG_KEY,
    N_("The Key Does Not Fit"),
    N_("The key in the keyring does not open the records on this computer. Nothing was changed. Ask your administrator, or start again with a fresh copy from the server."),
    "dialog-password-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_NEWER,
    N_("Made by a Newer Caseload"),
    N_("The records on this computer were written by a newer version of Caseload. Update Caseload, then open them again. Nothing was changed."),
    "software-update-available-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_DAMAGED,
    N_("The Records Cannot Be Read"),
    N_("The file with your records is damaged. It was left exactly as it is. You can save what is readable of your unsent work, and start again with a fresh copy from the server."),
    "dialog-error-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_DISK,
    N_("The Disk Is Full or Read-Only"),
    N_("Caseload could not write to the disk of this computer. Make some room, then try again."),
    "drive-harddisk-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_IN_USE,
    N_("Already Open"),
    N_("These records are open in another Caseload window or session on this computer. Close it there, then try again."),
    "window-new-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_PIN_NEEDED,
    N_("Already on This Computer"),
    N_("This worker's records are here already. Choose the name and unlock them with the PIN."),
    "dialog-password-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_WRONG_PIN,
    N_("That Did Not Match"),
    N_("The PIN is not right. Check for Caps Lock and try again."),
    "dialog-password-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_WAIT,
    N_("Too Many Attempts"),
    N_("After several wrong PINs there is a wait. Your records are safe."),
    "changes-prevent-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_LEASE_OVER,
    N_("A Connection Is Needed"),
    N_("This computer has been away from the server for longer than your organisation allows. Connect to the network, check the clock of this computer, and give your password with the PIN. Nothing was deleted."),
    "network-offline-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_NO_RECOVERY,
    N_("The PIN Cannot Be Replaced"),
    N_("Your organisation does not let a password replace the PIN. Nothing was deleted, and work that was not sent stays sealed here. Tell your administrator."),
    "dialog-password-symbolic" },
  { csl_account_error_quark, CSL_ACCOUNT_ERROR_KEYS_DAMAGED,
    N_("The Lock Is Damaged"),
    N_("The file with the wrapped key of your records is damaged. Your records were left as they are. If you know your password, “Forgot the PIN” may still open them; otherwise tell your administrator."),
    "dialog-error-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_OFFLINE,
    N_("No Connection"),
    N_("The server cannot be reached. Your work is safe on this computer and is sent when the connection is back."),
    "network-offline-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_TIMEOUT,
    N_("No Answer"),
    N_("The server did not answer in time. Caseload tries again by itself."),
    "network-offline-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_CUT,
    N_("The Connection Broke"),
    N_("The answer stopped in the middle. Caseload tries again by itself."),
    "network-offline-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_CERTIFICATE,
    N_("This May Not Be Your Server"),
    N_("The server could not prove who it is, so nothing was sent to it. Check the clock and date of this computer, then tell your administrator."),
    "channel-insecure-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_UNAUTHORIZED,
    N_("Please Sign In Again"),
    N_("The server wants your password again. You can go on working; nothing is lost."),
    "dialog-password-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_REFUSED,
    N_("The Server Said No"),
    N_("The server did not accept this. Update Caseload if an update is offered; otherwise tell your administrator."),
    "network-error-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_TOO_LARGE,
    N_("Too Much at Once"),
    N_("This is larger than the server takes. Caseload sends it in smaller parts."),
    "network-error-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_BUSY,
    N_("The Server Is Busy"),
    N_("Caseload waits a little and tries again by itself."),
    "network-idle-symbolic" },
  { csl_net_error_quark, CSL_NET_ERROR_GARBAGE,
    N_("Something Else Answered"),
    N_("A sign-in page of the network may be in the way. Open a web browser, then try again."),
    "network-error-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_FOREIGN,
    N_("Not a Sealed Copy"),
    N_("This file is something else. Choose the file that was written by “Save a Sealed Copy…”. Nothing was changed."),
    "dialog-error-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_NEWER,
    N_("Made by a Newer Caseload"),
    N_("The copy was saved by a newer version of Caseload. Update Caseload, then take it in again. Nothing was changed."),
    "software-update-available-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_DAMAGED,
    N_("The Copy Is Damaged"),
    N_("The file was cut short or changed on its way. Copy it once more from where it was saved, and try again. Nothing was changed."),
    "dialog-error-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_LOCK,
    N_("Locked for Your Organisation"),
    N_("This file does not open with a passphrase: it was sealed for your organisation. Give it to your administrator. Nothing was changed."),
    "changes-prevent-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_WRONG_KEY,
    N_("That Did Not Match"),
    N_("This passphrase does not open the copy. Check for Caps Lock and try again."),
    "dialog-password-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_OTHERS,
    N_("Somebody Else’s Work"),
    N_("The copy was saved by somebody else, or for another organisation. Only its author can take it in, or your administrator. Nothing was changed."),
    "system-users-symbolic" },
  { csl_sealed_error_quark, CSL_SEALED_ERROR_MEMORY,
    N_("Not Enough Memory"),
    N_("This computer is short of memory. Close other programs, then try again."),
    "dialog-warning-symbolic" },
  { g_io_error_quark, G_IO_ERROR_NO_SPACE,
    N_("The Disk Is Full"),
    N_("There is no room left on this computer. Make some room, then try again. What you typed is still here."),
    "drive-harddisk-symbolic" },
  { g_io_error_quark, G_IO_ERROR_PERMISSION_DENIED,
    N_("Not Allowed"),
    N_("This computer does not let Caseload write there. Choose another place."),
    "changes-prevent-symbolic" },
};
/* clang-format on */

static const Text general = {
  .title = N_ ("That Did Not Work"),
  .sentence =
    N_ ("Something unexpected happened. What you typed is still here. Try again; "
        "if it goes on, copy the details for your administrator."),
  .icon_name = "dialog-warning-symbolic",
};

gboolean
csl_error_text_lookup (const GError *error, CslErrorText *ret_text)
{
  const Text *found = &general;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_error_matches (error, texts[i].domain (), texts[i].code))
      found = &texts[i];
  ret_text->title = _ (found->title);
  ret_text->sentence = _ (found->sentence);
  ret_text->icon_name = found->icon_name;
  return TRUE;
}

char *
csl_error_text_dup_details (const GError *error)
{
  return g_strdup_printf ("Caseload %s: %s %d", CSL_VERSION,
                          g_quark_to_string (error->domain), error->code);
}
