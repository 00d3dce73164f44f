"""The register: everything that is kept about somebody, in words for readers, beside the columns that hold it.

A test holds it to the tables and to what scripts remember: what is new there needs a place here first."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from msgspec import Struct, field

UNTIL_STOPPED = _("Until you stop tips: then at once. Also when the first message was not confirmed within a quarter "
                  "of an hour, when the message service says that your device is gone, and when for 60 days you did "
                  "not open the app and no tip came through. Five days before that, one quiet message asks whether "
                  "you are still there. It may take some weeks longer, a hundred days at most.")  # fmt: skip
WITH_IT = _("As long as the address of your device.")
HOLDER = _("Whoever holds the device.")
KEEPER = _("Nobody but whoever looks after the server.")
ERASED = _("Until your account is erased.")


class Entry(Struct, frozen=True):
    """One kind of data; `columns` are table → names with blanks between them, `keys` what a device remembers it by."""

    name: str
    what: str
    why: str
    until: str
    who: str
    columns: dict[str, str] = field(default_factory=dict)
    keys: str = ""


DEVICE = (
    Entry(_("Reading"),
          _("The cards, those that you kept and saw last, what helped, the colours and the country that you chose, "
            "whether you sent the install hint away, and until a tab closes, which situation you came through."),
          _("So that it works without a network, and as you like it."),
          _("Until you choose Forget everything on this device in the settings. The cards stay until you remove "
            "Houvast."),
          _("Whoever holds the device. In a link to your kept cards they stand behind the #: that part is not sent "
            "to the server."),
          keys="houvast.pins houvast.recent houvast.helped houvast.theme houvast.country houvast.uninvited deck- "
               "theme"),
    Entry(_("Tips"),
          _("The last thirty tips, what you chose, and a key with which only you can change what the server keeps."),
          _("To read them again, and to change or stop them without an account."),
          _("Until you stop tips or choose Forget everything on this device."), HOLDER, keys="tips"),
    Entry(_("A briefing that you made"),
          _("The whole text, with your colleague’s name and telephone number, the link, and drafts."),
          _("To change it, withdraw it, use it again, and read the note that comes back."),
          _("Also when it is over: until you remove it from the list or choose Forget everything on this device. Of "
            "more than twelve, the oldest that are over go."),
          _("Whoever holds the device."), keys="houvast.briefings houvast.drafts houvast.along maker"),
    Entry(_("A briefing that you read"),
          _("The sealed text, and a sealed note back that waits for a network, or that you sent one."),
          _("To read it without a network."),
          _("Until it is over or withdrawn; for two weeks after that, an empty page that says so. The link stays in "
            "the history of your browser."),
          _("Whoever holds the device and has the link."), keys="briefings houvast.note."),
    Entry(_("Templates of your school"), _("The templates, and the code of the school that you typed."),
          _("So that they are there without a network."), _("Until you remove them from the device."), HOLDER,
          keys="houvast.schools"),
)  # fmt: skip

READERS = (
    Entry(_("The address of your device"),
          _("The address by which the message service of your browser finds your device, two keys to encrypt with, "
            "which key of ours they belong to, digests by which your device is known again, and whether it cannot be "
            "sent to. No name, no e-mail address."),
          _("To send tips that only your device can read."), UNTIL_STOPPED,
          _("Whoever looks after the server. The message service (of Google, Mozilla, Apple or Microsoft) sees that "
            "a message comes and when, not what it says."),
          {"subscriptions": "id endpoint_hash endpoint p256dh auth key_id token_hash nonce_hash fault"}),
    Entry(_("What you chose"),
          _("Language, days, moment, time zone, country, school holidays, and until when tips are quiet."),
          _("To send them when you want them."), WITH_IT, KEEPER,
          {"subscriptions": "language days moment timezone country region muted_until"}),
    Entry(_("When you were there"),
          _("When your device first came and confirmed, the day on which you last opened the app, a day on which a "
            "tip came through (noted once a week at most), and when you were asked whether you are still there."),
          _("To erase what nobody uses any more."), WITH_IT, KEEPER,
          {"subscriptions": "created_at confirmed_at expires_at seen_on reached_on warned_on asking_until"}),
    Entry(_("Your groups"), _("Which schools’ tips your device gets."), _("A tip is for the readers of a school."),
          _("Until you leave the group or stop tips."),
          _("A coach sees how many readers a group has, from five on, and never who they are."),
          {"subscription_groups": "group_id subscription_id"}),
    Entry(_("While a tip goes out"),
          _("The numbers of the devices that it is for, which of them are done, and which process sends it."),
          _("So that everybody gets it once, after a power cut too."),
          _("The numbers until it was sent; how many there were, for 30 days."), KEEPER,
          {"chunks": "id run_id number attempt ids size done counts state owner lease_until fence not_before"}),
    Entry(_("Counts"),
          _("For how many readers a tip was, and how often it was sent, shown and opened, per day and school. Never "
            "by whom."),
          _("So that a coach knows whether tips arrive."), _("As long as the school’s group exists."),
          _("Coaches of the school and administrators, from five readers on."), {"outcomes": "*", "runs": "*"}),
)  # fmt: skip

BRIEFINGS = (
    Entry(_("A briefing"),
          _("A sealed text that the server cannot read, a number, how often it was changed, and until when it is "
            "valid."),
          _("So that your substitute can fetch it with the link. The key is in the link and never goes to the "
            "server."),
          _("Until it is over, 31 days at most, or you withdraw it."),
          _("Whoever has the link reads it. Whoever looks after the server sees that it is there and roughly how "
            "long it is."),
          {"briefings": "id revision sealed expires_at"}),
    Entry(_("A note back"), _("A sealed note, the number of the briefing, and until when it is there."),
          _("So that the teacher knows how it went."), _("Fourteen days, or until the briefing is withdrawn."),
          _("Who made the briefing."), {"briefing_notes": "id briefing sealed expires_at"}),
)  # fmt: skip

COACHES = (
    Entry(_("Your account"),
          _("Name, e-mail address, role, whether it is switched on, since when; your password in a form that nobody "
            "can read, the encrypted key of your second step with the last code that was used, recovery codes, and "
            "random words by which the account is known."),
          _("To let you in, and nobody else."), ERASED,
          _("Your name and e-mail address: coaches of your groups, and administrators. The rest: nobody but whoever "
            "looks after the server."),
          {"coaches": "id email name role active password fs_uniquifier tf_primary_method tf_totp_secret totp_counter "
                      "mf_recovery_codes fs_webauthn_user_handle created_at"}),
    Entry(_("Passkeys"),
          _("The public half of each key, what you and the device call it, what kind of device it is, and when it "
            "was last used. Never your finger or face."),
          _("To sign in without a password."), _("Until you remove it, or your account is erased."),
          _("You, and whoever looks after the server."),
          {"passkeys": "id user_id name credential_id public_key sign_count transports backup_state device_type "
                       "extensions usage lastuse_datetime"}),
    Entry(_("Where you are signed in"),
          _("Browser and system, roughly; since when, and when last used. One cookie keeps you signed in; by another "
            "your browser is known, so that somebody who guesses at your password elsewhere does not keep you out."),
          _("To keep you signed in, and to let you end that elsewhere."),
          _("Until you sign out, after 12 hours unused, or after seven days. The cookie by which your browser is "
            "known: half a year."),
          _("You, and whoever looks after the server."),
          {"coach_sessions": "token_hash coach_id device data created_at seen_at ends_at"}),
    Entry(_("What you did"),
          _("Your name, when, and what: signing in, changes to accounts and groups, and tips and templates that you "
            "planned, changed or took back."),
          _("So that it can be found out who did what."), _("A year."),
          _("You; coaches of a group, what was done in it; administrators all of it, also when you signed in."),
          {"deeds": "id at coach_id coach_name deed what group_id"}),
    Entry(_("Invitations"), _("Who made it, for which role, account and group, and until when it works."),
          _("To let colleagues in."), _("Until it is used or withdrawn, seven days at most."),
          _("Coaches of the group, and administrators."),
          {"invitations": "token_hash role coach_id group_id made_by ends_at"}),
    Entry(_("Whose groups"), _("Which groups you share."), _("So that you see your own schools and no others."),
          _("Until you leave the group, or your account is erased."), _("Coaches of the group, and administrators."),
          {"group_coaches": "group_id coach_id"}),
    Entry(_("Your phone for tests"), _("Which device it is, and what became of the last test."),
          _("To see a tip on your own phone first."), _("Until you disconnect it, or your account is erased."),
          _("You, and whoever looks after the server."),
          {"coach_phones": "coach_id code_hash code_ends_at subscription_id test_number test_at test_answer "
                           "test_shown_at"}),
    Entry(_("Tips that you wrote"), _("That you wrote them. What you are writing stays in the tab of your browser."),
          _("So that colleagues know whom to ask."),
          _("As long as the group keeps the tip, or until your account is erased. In the tab: until you schedule it, "
            "sign out or close it."),
          _("Coaches of the group, and administrators."), {"tips": "author"}),
)  # fmt: skip

EVERYBODY = (
    Entry(_("Your internet address"),
          _("The server sees it with the page that is asked for, as every server does. Houvast does not write it "
            "down; how often one address comes or guesses is counted in its memory."),
          _("To answer, and to slow down who guesses."), _("Until newer ones take its place or the server restarts."),
          _("Nobody. Whoever runs Houvast may have a log on their own server: ask.")),
    Entry(_("Words that you search for"),
          _("Nothing: searching is done on your device. Only a browser without scripts sends the word to the server."),
          _("To find cards."), _("Not kept."), _("Nobody.")),
    Entry(_("What belongs to a school"),
          _("Its name and code, its days off, its tips and its templates for briefings; and how the message services "
            "are doing. Nothing about a person, unless a coach writes it there."),
          _("To send tips on school days."), _("Until it is removed, or with the group."),
          _("Its coaches and readers; templates: whoever has the code of the school."),
          {"groups": "*", "study_days": "*", "tip_texts": "*", "offered_templates": "*", "offered_texts": "*",
           "push_services": "*", "tips": "id group_id batch card programme state date moments held_until corrects_id "
                                         "created_at"}),
    Entry(_("Copies"), _("Copies of all that the server keeps, in case a machine breaks."), _("To lose nothing."),
          _("What is erased disappears from a copy when that copy is thrown away: ask when that is."), KEEPER),
)  # fmt: skip

REGISTER = (
    (_("On your own device"), DEVICE),
    (_("On the server, if you turn tips on"), READERS),
    (_("On the server, if you make a briefing or write a note back"), BRIEFINGS),
    (_("On the server, if you are a coach"), COACHES),
    (_("On the server, for everybody"), EVERYBODY),
)
