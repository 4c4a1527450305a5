package videolink

# Six checks of the catalogue as an Open Policy Agent policy, on one clinic as input.

found contains ["VL103", input.clinic] if {
	input.pms.connected == false
}

found contains ["VL201", who.id] if {
	some who in input.practitioners
	who.expects_video == true
	who.accepts_video_appointments == false
}

found contains ["VL202", who.id] if {
	some who in input.practitioners
	who.expects_video == true
	who.linked_to == "none"
}

found contains ["VL301", type.id] if {
	some type in input.appointment_types
	type.modality == "video"
	type.telehealth == false
}

found contains ["VL302", type.id] if {
	some type in input.appointment_types
	type.modality == "video"
	type.telehealth_video == false
}

found contains ["VL303", type.id] if {
	some type in input.appointment_types
	type.modality == "video"
	type.linked_to == "none"
}
