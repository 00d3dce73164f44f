// Words for the soft warnings. None of this is sent anywhere: it only looks at what is typed, on this device.

/** @param {string} list */
const setOf = (list) => new Set(list.trim().split(/\s+/));

/** First names that many children in the Netherlands, Flanders and Britain have; none that is a common word as well. */
export const NAMES = setOf(`
Adam Aisha Alex Ali Alice Aliyah Amber Amelia Amina Amira Amy Anna Anouk Arthur Ava Ayoub Bas Bilal Bram Britt Charlie Charlotte
Chloe Damian Daan Daniel David Dewi Dylan Eline Elif Elise Elizabeth Ella Elias Emily Emir Emma Emre Esra Esther Ethan Eva Evi Evie
Fatima Felix Femke Fenna Finn Fleur Floris Freddie Freya George Gijs Guus Hamza Hanna Hannah Harry Hasan Hugo Ibrahim Ilias Imane
Iris Isa Isabel Isabella Isla Jack Jacob James Jan Jasmijn Jason Jayden Jens Jesse Jessica Jip Joep Jonas Joris Joshua Julia Julian
Jurre Kai Karim Kaya Khadija Kim Koen Lars Laura Lauren Leah Leo Levi Lewis Lieke Liam Lily Lisa Liv Lizzy Loek Lola Lotte Louise Luca
Lucas Lucy Luna Luuk Lynn Maartje Maja Malik Maria Mariam Marit Maryam Mason Mats Matteo Maud Max Mehmet Mees Mia Mick Mila Milan Milou
Mohamed Mohammed Mohammad Morris Muhammad Mustafa Naomi Nathan Nick Nienke Nina Noa Noah Noor Nora Nour Oliver Olivia Omar Oscar Otis Pelle
Phileine Pieter Pim Poppy Quinten Rachel Rania Rayan Riley Robin Romy Ruben Ruby Ryan Salma Sam Samira Samuel Sanne Sara Sarah Saar Selma
Sem Senna Siem Sofia Sofie Sophia Sophie Stijn Sven Teun Thijs Thomas Tijn Tim Tobias Tom Tygo Ties Vera Victor Wout William Willem Yara
Yasmin Yasmine Youssef Yusuf Zahra Zara Zeynep Zoe Zoë`);

/** Words with a capital that are no pupil: days, months, languages, feasts, school words, grown-ups' titles. */
export const NO_NAMES = setOf(`
I Ik Juf Meester Meneer Mevrouw Mr Mrs Ms Miss Sir Madam Dhr Mw Directeur Intern Begeleider Houvast
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November
December Maandag Dinsdag Woensdag Donderdag Vrijdag Zaterdag Zondag Januari Februari Maart Mei Juni Juli Augustus Oktober
Nederlands Nederlandse Nederland Vlaanderen Vlaams België Engels Frans Duits Turks Arabisch Pools English Dutch French German Turkish Arabic
Polish England Britain Belgium Netherlands Christmas Easter Ramadan Eid Diwali Halloween Sinterklaas Sint Piet Kerst Kerstmis Pasen
Suikerfeest Offerfeest Carnaval Koningsdag Chromebook Chromebooks IPad IPads Tablet Teams Google Classroom Parnassys Magister Gynzy Snappet
Smartschool Squla Bingel Prowise Cito Kwink Leerlab Nieuwsbegrip Kanjertraining Montessori Jenaplan Dalton Freinet Steiner Wifi YouTube Year
Room Groep Lokaal Klas Class Reception Nursery Kindergarten Head Office`);

// ~ stands for any letters, _ for a blank or a hyphen. In quotes, because the minifier takes blanks out of templates.
const NAMED = [
  'adhd autis~ asperger pdd_nos dyslec~ dyslek~ dyslex~ dyscalcul~ dyspra~ hechtingsstoornis~ hechtingsproblem~ attachment_disorder',
  'trauma~ getraumatiseerd~ ptss ptsd depress~ angststoornis~ anxiety_disorder tourette~ epilep~ diabet~ suikerziekte anorexia',
  'boulimi~ bulimi~ eetstoornis~ eating_disorder borderline schizo~ psychot~ psychos~ selectief_mutis~ selective_mutis~',
  'foetaal_alcohol~ fetal_alcohol foetal_alcohol fasd syndroom ~syndroom syndrome verstandelijk~_beperk~ learning_disabilit~',
  'gedragsstoornis~ conduct_disorder taalontwikkelingsstoornis ritalin~ rilatin~ methylfenidaat methylphenidate concerta medikinet',
  'dexamfetamine risperidon~ antidepress~ medicatie medication suïcid~ suicid~',
].join(' ').split(' ').map((word) => word.replaceAll('~', '\\p{L}*').replaceAll('_', '[ -]'));

/** Diagnoses, and medicines that give one away, in both languages. */
export const DIAGNOSES = new RegExp('(?<!\\p{L})(?:' + NAMED.join('|') + ')(?!\\p{L})', 'giu');

/** The same as abbreviations: only in capitals, or they are ordinary words. */
export const ABBREVIATIONS = /(?<!\p{L})(?:ADD|ASS|ASD|ODD|TOS|FAS|OCD|SEND|PDD|LVB)(?!\p{L})/gu;
